using Fermata.Binary;

namespace Fermata.Compilation;

/// <summary>The types of the parameters and locals of a function, which are asked for in ascending order: three bytes may declare 50,000.</summary>
/// <param name="module">The compiler of the module.</param>
/// <param name="function">The index of the function.</param>
internal sealed class LocalTypes(ModuleCompiler module, int function)
{
    private readonly FuncType _type = module.Types.FunctionSignature(function);
    private readonly LocalGroup[] _groups = module.Definition.Functions[function].Body!.Locals;
    private int _group = -1;
    private long _end = module.Types.FunctionSignature(function).ParameterArray.Length;

    /// <summary>How many parameters and locals there are. From this index on the results of the function have locals, as its pieces hand them on (<see cref="SplitFunction"/>).</summary>
    public int Count { get; } =
        (int)(module.Types.FunctionSignature(function).ParameterArray.Length + module.Definition.Functions[function].Body!.Locals.Sum(group => (long)group.Count));

    /// <summary>The type of a parameter or local.</summary>
    public ValType Of(int local)
    {
        if (local >= Count)
            return _type.ResultArray[local - Count];
        while (local >= _end)
            _end += _groups[++_group].Count;
        return _group >= 0 ? module.Types.Resolve(_groups[_group].Type) : _type.ParameterArray[local];
    }
}
