using Fermata.Runtime;

namespace Fermata;

/// <summary>An instance of a module: its functions, memories, tables and globals, ready to be called.</summary>
/// <remarks>
/// Section 4.2.6 "Module Instances". The compiler derives a class for each module, with a field for each memory, table,
/// global and imported function, so that generated code reaches them in one load.
/// </remarks>
public abstract partial class Instance
{
    /// <summary>A function type with as many results as a piece of a function may have.</summary>
    private static readonly FuncType PieceResults = new([], [.. Enumerable.Repeat(ValType.ExternRef, ModuleCode.MostPieceResults)]);

    /// <summary>Loaded by generated code.</summary>
    internal StoreContext Context = null!;

    /// <summary>The code of the module.</summary>
    internal ModuleCode Code = null!;

    internal DataInstance[] Data = [];
    internal ElementInstance[] Elements = [];

    /// <summary>Null until code of the instance calls a function through a pointer of another type.</summary>
    internal FunctionCasts? Casts;

    private Function?[] _functions = [];

    /// <summary>Called by generated classes only, whose assemblies may use what is not visible.</summary>
    private protected Instance()
    {
    }

    /// <summary>How many instances came into the store before this one; -1 for one of a cast.</summary>
    internal int Number { get; private set; }

    /// <summary>The module that this is an instance of.</summary>
    public Module Module { get; private set; } = null!;

    /// <summary>The store that the instance belongs to.</summary>
    public Store Store => Context.Store;

    /// <summary>
    /// The C stack of the instance: which global points to it, how that was found, and what is done to keep calls apart. Null where none was found; calls that
    /// interleave then overwrite each other's part of it, if there is one after all (<see cref="StoreOptions.StackPointer"/>).
    /// </summary>
    public ShadowStackInfo? ShadowStack { get; internal set; }

    /// <param name="store">The store.</param>
    /// <param name="module">The module.</param>
    /// <param name="code">The code of the module.</param>
    /// <param name="isCast">Whether it is one of a cast, which nothing refers to but frames of its calls, and so is not kept.</param>
    internal void Attach(Store store, Module module, ModuleCode code, bool isCast)
    {
        Context = store.Context;
        Number = isCast ? -1 : store.Add(this);
        Module = module;
        Code = code;
        if (code.NumberCount > module.Definition.Functions.Count)
            Context.EnsureSlots(PieceResults);
        _functions = new Function?[module.Definition.Functions.Count];
    }

    /// <summary>Sets the field for a thing of the instance, in a class of an assembly that is a file; in others it is done by reflection, since the code would run once.</summary>
    /// <returns>Whether it was set.</returns>
    internal virtual bool Bind(ExternKind kind, int index, object value) => false;

    /// <summary>Sets the field for the identity of a function type, in such a class.</summary>
    internal virtual void BindType(int typeIndex, int id)
    {
    }

    internal void SetImportedFunction(int index, Function function) => _functions[index] = function;

    /// <summary>The function at an index; always the same object for the same index. Called by generated code for <c>ref.func</c>.</summary>
    internal Function FunctionAt(int index) => _functions[index] ?? CreateFunction(index);

    /// <summary>The identity of the type at a type index. Called by generated code where it has no field for it.</summary>
    internal int TypeIdAt(int index) => Module.Types.Types[index].Id;

    private Function CreateFunction(int index)
    {
        var type = Module.Types.FunctionTypes[index];
        Context.EnsureSlots(type.Func!);
        var function = Function.Of(this, type, index);

        // A function is always the same object, even if two threads ask for it at once.
        return Interlocked.CompareExchange(ref _functions[index], function, null) ?? function;
    }
}
