using Fermata.Binary;

namespace Fermata.Fuzz.Rewriting;

/// <summary>The module between the host's functions and the imports whose values the host cannot take or give.</summary>
internal sealed class AdapterModule
{
    private readonly ModuleEncoder _module = new();
    private readonly Lowering _lowering;
    private readonly List<(int Import, FuncType Type)> _functions = [];

    public AdapterModule(ModuleDefinition definition) => _lowering = new Lowering(definition);

    /// <summary>Puts the adapter before an imported function.</summary>
    /// <returns>What the host's function takes and gives; null if that is not possible.</returns>
    public (ValType[] Parameters, ValType[] Results)? TryAdd(int import, FuncType type)
    {
        if (type.ParameterArray.Concat(type.ResultArray).Any(value => value.IsRef && value.Heap.IsDefined)
            || FunctionBuilder.OfHost(_lowering, type, 0) is not var (parameters, results, _))
            return null;
        _functions.Add((import, type));
        return (parameters, results);
    }

    /// <summary>The module; null if nothing was added.</summary>
    public byte[]? ToBytes()
    {
        for (var i = 0; i < _functions.Count; i++)
            Write(i, _functions[i].Import, _functions[i].Type);
        return _functions.Count == 0 ? null : _module.Encode().Bytes.ToArray();
    }

    private void Write(int index, int import, FuncType type)
    {
        var (parameters, results, body) = FunctionBuilder.OfHost(_lowering, type, index)!.Value;
        var entry = _module.Imports.Begin(0);
        entry.WriteSized("host"u8);
        entry.WriteName($"{import}");
        entry.WriteByte((byte)ExternKind.Func);
        entry.WriteUnsigned((ulong)WriteType(parameters, results));

        _module.Functions.Begin(0).WriteUnsigned((ulong)WriteType(type.ParameterArray, type.ResultArray));
        _module.Code.Begin(0).AppendSized(body);

        var export = _module.Exports.Begin(0);
        export.WriteName($"a{import}");
        export.WriteByte((byte)ExternKind.Func);
        export.WriteUnsigned((ulong)(_functions.Count + index));
    }

    private int WriteType(ValType[] parameters, ValType[] results)
    {
        var entry = _module.Types.Begin(0);
        entry.WriteByte(0x60);
        entry.WriteValTypes(parameters);
        entry.WriteValTypes(results);
        return _module.Types.Count - 1;
    }
}
