using Fermata.Hosting;
using Fermata.Structure;

namespace Fermata;

/// <summary>Names for what modules import, and the making of instances with them.</summary>
/// <remarks>
/// A delegate or a shared memory may be used in any number of stores; functions, other memories, tables and globals belong to one. A linker
/// is not safe for use by several threads while definitions are added.
/// </remarks>
public sealed partial class Linker
{
    private readonly Dictionary<(string Module, string Name), object> _definitions;
    private readonly HashSet<(string Module, string Name)> _traps;
    private string? _self;

    /// <summary>A linker without definitions.</summary>
    /// <param name="engine">The engine whose modules it will link.</param>
    public Linker(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (Engine, _definitions, _traps) = (engine, [], []);
    }

    /// <summary>A linker with the definitions of another, which stays as it is when more are added to this one.</summary>
    /// <param name="linker">The other one.</param>
    public Linker(Linker linker)
    {
        ArgumentNullException.ThrowIfNull(linker);
        (Engine, AllowRedefinition, _self) = (linker.Engine, linker.AllowRedefinition, linker._self);
        (_definitions, _traps) = (new(linker._definitions), [.. linker._traps]);
    }

    /// <summary>The engine whose modules the linker links.</summary>
    public Engine Engine { get; }

    /// <summary>Whether a name may be defined again; the last definition counts. Default: false.</summary>
    public bool AllowRedefinition { get; set; }

    /// <summary>Defines a host function.</summary>
    /// <remarks>
    /// A suspending one must not write to memory after an <c>await</c>: it may run on any thread then, while other calls use the memory, and what a pointer to the C stack
    /// points to belongs to one of them. <see cref="Define(string, string, Delegate, Delegate)"/> is for that.
    /// </remarks>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="function">
    /// <para>
    /// Any delegate, for instance a lambda. Its parameters and results are <see cref="int"/> or <see cref="uint"/> for i32,
    /// <see cref="long"/> or <see cref="ulong"/> for i64, <see cref="float"/>, <see cref="double"/>, <c>Vector128&lt;byte&gt;</c> for v128,
    /// <see cref="Function"/> for funcref, and <see cref="object"/> or any other class for externref. Several results are a tuple.
    /// </para>
    /// <para>
    /// If it returns a task (<see cref="Task"/>, <see cref="ValueTask"/>, or one with a result) it is a suspending import:
    /// WebAssembly waits for the task and gets its result. It may have a last parameter of type <see cref="CancellationToken"/>, which is
    /// cancelled with the promising call. A first parameter of type <see cref="Caller"/> tells who calls.
    /// </para>
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is defined already; a parameter or result of the delegate has a type that WebAssembly cannot pass; it is async and returns void, so that
    /// nobody would wait for it; or it is several (multicast) that return tasks, of which only the last one's would be waited for.
    /// </exception>
    public Linker Define(string module, string name, Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Add(module, name, new HostDefinition(Engine.Types, function));
    }

    /// <summary>Defines a suspending host function in two steps: one that may wait, and one that runs when the WebAssembly code goes on.</summary>
    /// <remarks>
    /// The second step runs as part of the call, on the store's turn and with the call's C stack in place: it is where a result is written through a pointer
    /// that WebAssembly passed. What the first step does after an <c>await</c> runs anywhere, while other calls use the memory. If the task fails, the
    /// second step does not run. Its return value is the result of the import.
    /// </remarks>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="begin">A delegate that returns a task, as <see cref="Define(string, string, Delegate)"/> takes it; the task's result may be of any type.</param>
    /// <param name="complete">
    /// A delegate that takes a <see cref="Caller"/>, if it wants, then the task's result, if it has one, and then the parameters of <paramref name="begin"/>, but for
    /// <see cref="Caller"/> and <see cref="CancellationToken"/>, with the same types.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is defined already, the delegates do not fit together, or a parameter or result has a type that WebAssembly cannot pass.
    /// </exception>
    public Linker Define(string module, string name, Delegate begin, Delegate complete)
    {
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(complete);
        return Add(module, name, new HostDefinition(Engine.Types, begin, complete));
    }

    /// <summary>Defines a function of a store.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    public Linker Define(string module, string name, Function function) => Add(module, name, function);

    /// <summary>Defines a memory of a store, or a shared one.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="memory">The memory.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    public Linker Define(string module, string name, Memory memory) => Add(module, name, memory);

    /// <summary>Defines a table of a store.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    public Linker Define(string module, string name, Table table) => Add(module, name, table);

    /// <summary>Defines a global of a store.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="global">The global.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    public Linker Define(string module, string name, Global global) => Add(module, name, global);

    /// <summary>Defines a tag of a store.</summary>
    /// <param name="module">The first part of the name.</param>
    /// <param name="name">The second part of the name.</param>
    /// <param name="tag">The tag.</param>
    /// <exception cref="ArgumentException">The name is defined already.</exception>
    public Linker Define(string module, string name, Tag tag) => Add(module, name, tag);

    /// <summary>Defines all exports of an instance.</summary>
    /// <param name="module">The first part of their names; the second is the name of the export.</param>
    /// <param name="instance">The instance.</param>
    /// <exception cref="ArgumentException">A name is defined already.</exception>
    public Linker DefineInstance(string module, Instance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        foreach (var export in instance.Module.Definition.Exports)
            Add(module, export.Name, instance.GetExport(export));
        return this;
    }

    /// <summary>
    /// Lets a module import functions that it exports itself, as dynamic modules of Emscripten do: an import from the module name given is the function that the
    /// same instance exports under the field name, unless something is defined under both names.
    /// </summary>
    /// <remarks>Functions only. The last name counts. Code that runs as soon as an instance is made, its start function, can call them already.</remarks>
    /// <param name="module">The module name, for instance <c>env</c>.</param>
    public Linker DefineSelf(string module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _self = module;
        return this;
    }

    /// <summary>Lets a module be instantiated without some of the functions that it imports: calling one that is not defined traps.</summary>
    /// <remarks>
    /// The trap is of the kind <see cref="TrapKind.UnknownImport"/> and names the import. What is defined under the name, before or after this, comes
    /// first. Imports of other kinds must still be defined.
    /// </remarks>
    /// <param name="module">The module, of the linker's engine.</param>
    /// <exception cref="ArgumentException">The module belongs to another engine.</exception>
    public Linker DefineUnknownImportsAsTraps(Module module)
    {
        RequireEngine(module);
        _traps.UnionWith(module.Imports.Where(import => import.Type.Kind == ExternKind.Func).Select(import => (import.Module, import.Name)));
        return this;
    }

    /// <summary>Makes an instance of a module, with its imports taken from the definitions, and runs its start function.</summary>
    /// <param name="store">The store that the instance is to belong to.</param>
    /// <param name="module">The module.</param>
    /// <param name="cancellationToken">Ends the start function while it runs, if the engine's code is interruptible (<see cref="EngineOptions.IsInterruptible"/>).</param>
    /// <exception cref="LinkException">Imports are not defined, or have another type than the module asks for. It tells of all of them.</exception>
    /// <exception cref="ArgumentException">
    /// A definition that is imported belongs to another store, or the module or store to another engine.
    /// </exception>
    /// <exception cref="TrapException">A segment does not fit into its table or memory, or the start function trapped.</exception>
    /// <exception cref="SuspendException">The start function called a suspending import (<see cref="InstantiateAsync"/>).</exception>
    /// <exception cref="InvalidOperationException">
    /// The module's C stack is not where <see cref="StoreOptions.StackPointer"/> says; or the store uses <see cref="ShadowStackPolicy.Separate"/>, and the module has a
    /// C stack but no allocator, or may have a C stack whose pointer is not found.
    /// </exception>
    /// <exception cref="InsufficientMemoryException">There is no room for the module's memories or tables.</exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses the instance or one of its memories or tables.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    /// <exception cref="OperationCanceledException">The start function was cancelled.</exception>
    public Instance Instantiate(Store store, Module module, CancellationToken cancellationToken = default)
    {
        RequireEngine(store);
        RequireEngine(module);
        return Instantiation.Run(store, module, Resolve(module), cancellationToken);
    }

    /// <summary>
    /// Makes an instance of a module, as <see cref="Instantiate(Store, Module, CancellationToken)"/> does, and runs its start function as a promising call: where it calls a suspending import
    /// it is suspended, and other calls of the store may run meanwhile.
    /// </summary>
    /// <remarks>
    /// If another thread runs code of the store, the instance is made later, on any thread. The start function counts as a promising call of the store. Under
    /// <see cref="ShadowStackPolicy.Separate"/> it has a C stack of its own, so that the module's allocator runs before it.
    /// </remarks>
    /// <param name="store">The store that the instance is to belong to.</param>
    /// <param name="module">The module.</param>
    /// <param name="cancellationToken">Ends the start function, whether it waits or runs.</param>
    /// <returns>The instance, when its start function has ended. The task fails with what <see cref="Instantiate(Store, Module, CancellationToken)"/> throws.</returns>
    /// <exception cref="ArgumentException">The module or store belongs to another engine.</exception>
    public Task<Instance> InstantiateAsync(Store store, Module module, CancellationToken cancellationToken = default)
    {
        RequireEngine(store);
        RequireEngine(module);
        return Instantiation.RunAsync(store, module, Resolve(module), cancellationToken);
    }

    /// <summary>
    /// Makes an instance of a module that begins with what another one had, in place of its own segments and its start function, which does not run. What it imports is taken from the
    /// definitions: memories, tables and mutable globals that it imports get the contents of those of the image.
    /// </summary>
    /// <param name="store">The store that the instance is to belong to.</param>
    /// <param name="image">The image.</param>
    /// <param name="load">What is to be in place of an object that was not the other instance's own, by what <c>save</c> of <see cref="InstanceImage.Capture"/> has kept of it. Null if there is none.</param>
    /// <exception cref="LinkException">Imports are not defined, or have another type than the module asks for. It tells of all of them.</exception>
    /// <exception cref="ArgumentException">
    /// A definition that is imported belongs to another store, or the module or store to another engine; or what <paramref name="load"/> gives is nothing for its place.
    /// </exception>
    /// <exception cref="InvalidOperationException">A memory or table that is imported is larger than that of the image; or the image has such objects, and there is no <paramref name="load"/>.</exception>
    /// <exception cref="InsufficientMemoryException">There is no room for the memories or tables.</exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses the instance or one of its memories or tables.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed, or the image.</exception>
    public Instance Instantiate(Store store, InstanceImage image, Func<object, object?>? load = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireEngine(store);
        RequireEngine(image.Module);
        return Instantiation.FromImage(store, image, Resolve(image.Module), load);
    }

    /// <summary>What there is for each import; null for nothing.</summary>
    internal object?[] Resolve(Module module)
    {
        var imports = module.Imports;
        var values = new object?[imports.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = _definitions.GetValueOrDefault((imports[i].Module, imports[i].Name));
        if (_self is not null)
            SelfImports.Resolve(module, _self, values);
        for (var i = 0; i < values.Length; i++)
        {
            if (imports[i].Type.Kind == ExternKind.Func && _traps.Contains((imports[i].Module, imports[i].Name)))
                values[i] ??= MissingFunction.Any;
        }

        return values;
    }

    private void RequireEngine(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.Engine != Engine)
            throw new ArgumentException("The store belongs to another engine than the linker.", nameof(store));
    }

    private void RequireEngine(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (module.Engine != Engine)
            throw new ArgumentException("The module belongs to another engine than the linker.", nameof(module));
    }

    private Linker Add(string module, string name, object value)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (AllowRedefinition)
            _definitions[(module, name)] = value;
        else if (!_definitions.TryAdd((module, name), value))
            throw new ArgumentException($"{HostileText.Quoted(module)} {HostileText.Quoted(name)} is defined already.");
        return this;
    }
}
