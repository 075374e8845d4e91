using Fermata.Binary;

namespace Fermata.Compilation;

/// <summary>The types of the parameters and locals of a function, which are asked for in ascending order: three bytes may declare 50,000.</summary>
/// <param name="module">The compiler of the module.</param>
/// <param name="function">The index of the function.</param>
/// <param name="added">The types of those that the compiler has added (<see cref="CodeUnit.AddedLocals"/>).</param>
internal sealed class LocalTypes(ModuleCompiler module, int function, IReadOnlyList<ValType> added)
{
    private readonly ValType[] _parameters = module.Types.FunctionSignature(function).ParameterArray;
    private readonly LocalGroup[] _groups = module.Definition.Functions[function].Body!.Locals;
    private int _group = -1;
    private long _end = module.Types.FunctionSignature(function).ParameterArray.Length;

    /// <summary>How many parameters and locals a function has: so many that it declares, whether its code names them or not.</summary>
    public static int CountOf(ModuleCompiler module, int function) =>
        (int)(module.Types.FunctionSignature(function).ParameterArray.Length + module.Definition.Functions[function].Body!.LocalCount);

    /// <summary>The type of a parameter or local.</summary>
    public ValType Of(int local)
    {
        while (local >= _end && _group + 1 < _groups.Length)
            _end += _groups[++_group].Count;
        if (local >= _end)
            return added[(int)(local - _end)];
        return _group >= 0 ? module.Types.Resolve(_groups[_group].Type) : _parameters[local];
    }
}
