using Fermata.Emscripten.DynamicLinking;

namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>The types of functions that a running program calls through libffi, or has closures of: the module of each is compiled when it is first needed.</summary>
internal sealed class ForeignTypes(Store store, DynamicLinker program, CompiledLibraries compiled)
{
    /// <summary>Beyond these a program makes types for their own sake.</summary>
    private const int MostTypes = 1_000;

    private readonly Dictionary<string, Entry> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (Entry Type, Instance Instance)> _closures = [];

    /// <summary>The places in the table that were made for closures.</summary>
    private readonly HashSet<int> _allocated = [];

    private FunctionTable Functions => program.Main.Functions;

    /// <summary>The function that calls one, and those of its type: with the pointer to it, where its result goes, and pointers to its arguments.</summary>
    /// <param name="signature">The type as which it is called.</param>
    /// <param name="pointer">Where it is in the table.</param>
    /// <exception cref="NotSupportedException">C has no such functions in WebAssembly, or the program has used too many types.</exception>
    public Function CallerOf(ForeignSignature signature, int pointer)
    {
        var type = Find(signature, Functions.Find(pointer) is { } function ? signature.Fit(function.Type) : signature.Type);
        return type.Caller ??= Start(type).GetFunction(ForeignModule.Call);
    }

    /// <summary>Makes room for a closure in the table.</summary>
    /// <exception cref="InvalidOperationException">The table cannot grow.</exception>
    public int Allocate()
    {
        var pointer = Functions.Add(null);
        _allocated.Add(pointer);
        return pointer;
    }

    /// <summary>Makes a closure of a type.</summary>
    /// <param name="pointer">Where it is in the table.</param>
    /// <param name="signature">The type.</param>
    /// <param name="closure">The address of its <c>ffi_closure</c>.</param>
    /// <returns>Whether there is room for a closure at that place.</returns>
    /// <exception cref="NotSupportedException">C has no such functions in WebAssembly, or the program has used too many types.</exception>
    public bool Prepare(int pointer, ForeignSignature signature, int closure)
    {
        var type = Find(signature, signature.Type);
        Release(pointer);
        if (!type.Free.TryPop(out var instance))
            instance = Start(type);
        instance.GetGlobal(ForeignModule.ClosureAddress).Value = closure;
        if (!Functions.Replace(pointer, instance.GetFunction(ForeignModule.Closure)))
        {
            type.Free.Push(instance);
            return false;
        }

        _closures[pointer] = (type, instance);
        return true;
    }

    /// <summary>Takes a closure away, if there is one; what else is in the table stays.</summary>
    public void Free(int pointer)
    {
        if (!_allocated.Remove(pointer))
            return;
        Release(pointer);
        Functions.Remove(pointer);
    }

    private void Release(int pointer)
    {
        if (_closures.Remove(pointer, out var closure))
            closure.Type.Free.Push(closure.Instance);
    }

    private Entry Find(ForeignSignature signature, FuncType called)
    {
        var key = $"{signature.Key}|{called}";
        if (_types.TryGetValue(key, out var known))
            return known;
        if (_types.Count >= MostTypes)
            throw new NotSupportedException($"The program uses functions of more than {MostTypes} types through libffi.");
        return _types[key] = new Entry(compiled.Load(store.Engine, ModuleInfo.Parse(ForeignModule.Write(signature, called)).Bytes, CancellationToken.None));
    }

    private Instance Start(Entry type)
    {
        var main = program.Main;
        return new Linker(store.Engine)
            .Define(ForeignModule.Program, ForeignModule.Memory, main.Memory)
            .Define(ForeignModule.Program, ForeignModule.Table, main.Functions.Table)
            .Define(ForeignModule.Program, ForeignModule.StackSave, main.RequireOfGlue(ForeignModule.StackSave))
            .Define(ForeignModule.Program, ForeignModule.StackRestore, main.RequireOfGlue(ForeignModule.StackRestore))
            .Instantiate(store, type.Module);
    }

    /// <summary>A type that the program has used.</summary>
    private sealed class Entry(Module module)
    {
        public Module Module => module;

        public Function? Caller { get; set; }

        /// <summary>Instances whose closures were freed, for the next ones.</summary>
        public Stack<Instance> Free { get; } = new();
    }
}
