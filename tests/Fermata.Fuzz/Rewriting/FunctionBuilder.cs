using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>A function that takes and gives values in one form and calls another that has them in the other (<see cref="Lowering"/>).</summary>
internal static class FunctionBuilder
{
    /// <summary>A function that the host can call, around one of the module; null where the host cannot give an argument.</summary>
    public static (ValType[] Parameters, ValType[] Results, ByteWriter Body)? ForHost(Lowering lowering, FuncType type, int target)
    {
        var given = Array.ConvertAll(type.ParameterArray, lowering.FromHost);
        if (given.Contains(null))
            return null;
        var parameters = given.SelectMany(types => types!).ToArray();
        var body = Begin(type.ResultArray);
        var local = 0;
        for (var i = 0; i < given.Length; i++)
        {
            lowering.EmitFromHost(body, type.ParameterArray[i], local);
            local += given[i]!.Length;
        }

        body.WriteIndexed(Opcode.Call, target);
        StoreResults(body, local, type.ResultArray.Length);
        for (var i = 0; i < type.ResultArray.Length; i++)
            Lowering.EmitToHost(body, type.ResultArray[i], local + i);
        body.WriteOpcode(Opcode.End);
        return (parameters, [.. type.ResultArray.SelectMany(Lowering.ToHost)], body);
    }

    /// <summary>A function of the type, around one of the host; null where the host cannot give a result.</summary>
    public static (ValType[] Parameters, ValType[] Results, ByteWriter Body)? OfHost(Lowering lowering, FuncType type, int target)
    {
        var returned = Array.ConvertAll(type.ResultArray, lowering.FromHost);
        if (returned.Contains(null))
            return null;
        var results = returned.SelectMany(types => types!).ToArray();
        var body = Begin(results);
        for (var i = 0; i < type.ParameterArray.Length; i++)
            Lowering.EmitToHost(body, type.ParameterArray[i], i);
        body.WriteIndexed(Opcode.Call, target);
        var local = type.ParameterArray.Length;
        StoreResults(body, local, results.Length);
        for (var i = 0; i < returned.Length; i++)
        {
            lowering.EmitFromHost(body, type.ResultArray[i], local);
            local += returned[i]!.Length;
        }

        body.WriteOpcode(Opcode.End);
        return ([.. type.ParameterArray.SelectMany(Lowering.ToHost)], results, body);
    }

    /// <summary>A body with a local for each result of the call in it.</summary>
    private static ByteWriter Begin(ValType[] locals)
    {
        var body = new ByteWriter();
        body.WriteUnsigned((ulong)locals.Length);
        foreach (var type in locals)
        {
            body.WriteUnsigned(1);
            body.WriteValType(type);
        }

        return body;
    }

    private static void StoreResults(ByteWriter body, int first, int count)
    {
        for (var i = count - 1; i >= 0; i--)
            body.LocalSet(first + i);
    }
}
