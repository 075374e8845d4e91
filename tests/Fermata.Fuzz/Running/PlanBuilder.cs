using System.Globalization;
using System.Text.Json.Nodes;
using Fermata.Binary;
using Fermata.Fuzz.Rewriting;
using Fermata.Structure;

namespace Fermata.Fuzz.Running;

/// <summary>Makes a valid module comparable: bounded, determined and open to the host; and plans what to do with it.</summary>
internal sealed class PlanBuilder
{
    private const int MostCalls = 40;
    private const int FuelOfCounted = 1500;

    private readonly ModuleDefinition _definition;
    private readonly ModuleEditor _editor;
    private readonly Lowering _lowering;
    private readonly AdapterModule _adapter;
    private readonly RandomSource _random;

    private PlanBuilder(byte[] module, RandomSource random)
    {
        _definition = ModuleDecoder.Decode(module);
        _editor = new ModuleEditor(_definition);
        _lowering = new Lowering(_definition);
        _adapter = new AdapterModule(_definition);
        _random = random;
    }

    /// <summary>Plans a run; null for a module that imports what not both hosts can give.</summary>
    /// <param name="module">A valid module.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="seed">Where the arguments of calls come from.</param>
    /// <param name="countsSteps">Whether the code is to count its steps; false only for code that does so by itself.</param>
    /// <param name="determinesNans">Whether the code is to determine the payloads of NaNs.</param>
    public static Plan? TryBuild(byte[] module, string origin, ulong seed, bool countsSteps, bool determinesNans)
    {
        Func<Plan?>? withDeterminedNans = determinesNans ? null : () => TryBuild(module, origin, seed, countsSteps, determinesNans: true);
        return new PlanBuilder(module, new RandomSource(seed)).TryBuild(origin, countsSteps, withDeterminedNans);
    }

    private Plan? TryBuild(string origin, bool countsSteps, Func<Plan?>? withDeterminedNans)
    {
        var determinesNans = withDeterminedNans is null;
        var imports = _definition.Imports.Select(PlanImport).ToList();
        if (imports.Contains(null))
            return null;
        SizeBounds.Apply(_editor);
        _editor.Replace(SectionId.Export, EmptyList());
        var fuel = countsSteps || determinesNans ? FuelOfCounted : 0;
        if (fuel > 0)
            _editor.AddExport("fuel", ExternKind.Global, Instrumentation.Apply(_editor, fuel, determinesNans));
        var functions = _definition.Functions.Select((_, index) => ExportFunction(index)).ToList();
        ExportAll(ExternKind.Memory, "m", _definition.Memories.Count);
        ExportAll(ExternKind.Table, "t", _definition.Tables.Count);
        ExportAll(ExternKind.Tag, "e", _definition.Tags.Count);
        var (globals, getters) = ExportGlobals();
        return new Plan
        {
            Origin = origin,
            Module = _editor.ToBytes(),
            Adapter = _adapter.ToBytes(),
            Imports = imports!,
            Functions = functions,
            Exports = [.. _definition.Exports.Where(export => export.Kind == ExternKind.Func).Select(export => export.Index)],
            Calls = PlanCalls(functions),
            Getters = getters,
            Globals = globals,
            Tags = _definition.Tags.ConvertAll(tag => TypeOf(tag.TypeIndex).ParameterArray.Select(Name).ToList()),
            Memories = _definition.Memories.Count,
            Tables = _definition.Tables.ConvertAll(table => table.Type.Is64),
            FuzzingTable = _definition.Exports.Find(export => export.Kind == ExternKind.Table && export.Name == "table")?.Index,
            Fuel = fuel,
            WithDeterminedNans = withDeterminedNans,
        };
    }

    private FuncType TypeOf(int typeIndex) => (FuncType)_definition.Types[typeIndex].Composite;

    private PlannedImport? PlanImport(Import import, int position)
    {
        var planned = new PlannedImport(import.Module, import.Name, import.Kind.ToString());
        switch (import.Kind)
        {
            case ExternKind.Func:
                return PlanFunctionImport(planned, position, TypeOf(_definition.Functions[import.Index].TypeIndex));
            case ExternKind.Global:
                var global = _definition.Globals[import.Index].Type;
                var canGive = global.Type.Kind is not (ValKind.V128 or ValKind.Ref) || global.Type == ValType.ExternRef
                    || global.Type == ValType.FuncRef || global.Type == ValType.Ref(false, HeapType.Extern) && !global.IsMutable;
                return canGive ? planned with { Types = [Name(global.Type)], IsMutable = global.IsMutable } : null;
            case ExternKind.Memory:
                var memory = _definition.Memories[import.Index].Type;
                var pages = SizeBounds.OfMemory(memory.Limits);
                return planned with { Is64 = memory.Is64, IsShared = memory.IsShared, Min = pages.Min, Max = pages.Max };
            case ExternKind.Table:
                var table = _definition.Tables[import.Index].Type;
                var elements = SizeBounds.OfTable(table.Limits);
                return table.Element == ValType.FuncRef || table.Element == ValType.ExternRef
                    ? planned with { Is64 = table.Is64, Min = elements.Min, Max = elements.Max, Types = [Name(table.Element)] }
                    : null;
            default:
                var values = TypeOf(_definition.Tags[import.Index].TypeIndex).ParameterArray;
                return values.All(type => !type.IsRef || type == ValType.ExternRef || type == ValType.FuncRef) && !values.Contains(ValType.V128)
                    ? planned with { Types = [.. values.Select(Name)] }
                    : null;
        }
    }

    private PlannedImport? PlanFunctionImport(PlannedImport import, int position, FuncType type)
    {
        // References of any type can be passed to the host as they are; only what it must return is harder.
        if (type.ParameterArray.All(value => value.IsRef ? Lowering.IsDirectResult(value) : value.Kind is ValKind.I32 or ValKind.I64)
            && type.ResultArray.All(value => !value.IsRef || value.IsNullable && value.Heap != HeapType.Exn && value.Heap != HeapType.NoExn)
            && type.ResultArray.All(value => value.IsRef || value.Kind is ValKind.I32 or ValKind.I64))
            return import with { Types = [.. type.ResultArray.Select(Name)], Parameters = [.. type.ParameterArray.Select(Name)] };

        return _adapter.TryAdd(position, type) is var (parameters, results)
            ? import with { IsAdapted = true, Types = [.. results.Select(Name)], Parameters = [.. parameters.Select(Name)] }
            : null;
    }

    private PlannedFunction? ExportFunction(int index)
    {
        _editor.AddExport($"f{index}", ExternKind.Func, index);
        var type = TypeOf(_definition.Functions[index].TypeIndex);
        if (Lowering.IsDirect(type))
            return new PlannedFunction($"f{index}", [.. type.ParameterArray.Select(DefaultArgument)]);
        if (FunctionBuilder.ForHost(_lowering, type, index) is not var (parameters, results, body))
            return null;
        _editor.AddExport($"w{index}", ExternKind.Func, _editor.AddFunction(_editor.AddType(parameters, results), body));
        return new PlannedFunction($"w{index}", [.. parameters.Select(DefaultArgument)]);
    }

    private void ExportAll(ExternKind kind, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
            _editor.AddExport($"{prefix}{i}", kind, i);
    }

    private (List<string> Globals, List<string> Getters) ExportGlobals()
    {
        var (globals, getters) = (new List<string>(), new List<string>());
        for (var i = 0; i < _definition.Globals.Count; i++)
        {
            var type = _definition.Globals[i].Type.Type;
            if (type.IsRef ? Lowering.IsDirectResult(type) : type.Kind is ValKind.I32 or ValKind.I64)
            {
                _editor.AddExport($"g{i}", ExternKind.Global, i);
                globals.Add($"g{i}");
            }
            else
            {
                AddGetter(i, type);
                getters.Add($"v{i}");
            }
        }

        return (globals, getters);
    }

    private void AddGetter(int global, ValType type)
    {
        var body = new ByteWriter();
        body.Write([1, 1]);
        body.WriteValType(type);
        body.WriteIndexed(Opcode.GlobalGet, global);
        body.LocalSet(0);
        Lowering.EmitToHost(body, type, 0);
        body.WriteOpcode(Opcode.End);
        _editor.AddExport($"v{global}", ExternKind.Func, _editor.AddFunction(_editor.AddType([], Lowering.ToHost(type)), body));
    }

    private List<PlannedCall> PlanCalls(List<PlannedFunction?> functions)
    {
        var calls = new List<PlannedCall>();
        for (var index = _definition.ImportedFunctionCount; index < functions.Count && calls.Count < MostCalls; index++)
        {
            if (functions[index] is not { } function)
                continue;
            calls.Add(new PlannedCall(index, function.Arguments.ConvertAll(argument => argument?.DeepClone())));
            if (function.Arguments.Count > 0)
                calls.Add(new PlannedCall(index, function.Arguments.ConvertAll(RandomArgument)));
        }

        // A call sees what the calls before it have left.
        for (var i = calls.Count - 1; i > 0; i--)
        {
            var other = _random.Below(i + 1);
            (calls[i], calls[other]) = (calls[other], calls[i]);
        }

        return calls;
    }

    private static JsonNode? DefaultArgument(ValType type) => type.Kind switch
    {
        ValKind.I32 => 1,
        ValKind.I64 => "1",
        _ => type.IsNullable ? null : "host 1",
    };

    private JsonNode? RandomArgument(JsonNode? argument) => argument switch
    {
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number => (int)InterestingBits(),
        JsonValue value when value.GetValue<string>().StartsWith("host", StringComparison.Ordinal) => $"host {_random.Below(3)}",
        JsonValue => ((long)InterestingBits()).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private ulong InterestingBits() => _random.Below(4) switch
    {
        0 => (ulong)_random.Below(20),
        1 => _random.Next() >> _random.Below(64),
        2 => ulong.MaxValue << _random.Below(64),
        _ => _random.Pick<ulong>([0x80000000, 0x7FC00000, 0xFF800000, 0x7FF0000000000000, 0x8000000000000000, 0x3FF0000000000000, 0x3F800000, 0x7FFFFFFF]),
    };

    private static string Name(ValType type) => type.Kind == ValKind.Ref
        ? type == ValType.FuncRef ? "funcref" : type == ValType.Ref(false, HeapType.Extern) ? "host" : type == ValType.ExternRef ? "externref" : "ref"
        : type.ToString();

    private static ByteWriter EmptyList()
    {
        var content = new ByteWriter();
        content.WriteByte(0);
        return content;
    }
}
