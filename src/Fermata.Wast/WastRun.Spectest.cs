using System.Globalization;

namespace Fermata.Wast;

/// <summary>The host module of the suite (interpreter/README.md, "Spectest Host Module").</summary>
internal sealed partial class WastRun
{
    private const string Spectest = "spectest";

    private static readonly (string Name, Func<Store, object> Make)[] SpectestThings =
    [
        ("global_i32", store => new Global(store, new GlobalType(ValType.I32, false), Value.FromI32(666))),
        ("global_i64", store => new Global(store, new GlobalType(ValType.I64, false), Value.FromI64(666))),
        ("global_f32", store => new Global(store, new GlobalType(ValType.F32, false), Value.FromF32(666.6f))),
        ("global_f64", store => new Global(store, new GlobalType(ValType.F64, false), Value.FromF64(666.6))),
        ("table", store => new Table(store, new TableType(ValType.FuncRef, new Limits(10, 20)))),
        ("table64", store => new Table(store, new TableType(ValType.FuncRef, new Limits(10, 20), Is64: true))),
        ("memory", store => new Memory(store, new MemoryType(new Limits(1, 2)))),
    ];

    /// <summary>What the host module has in the store.</summary>
    private readonly Dictionary<string, object> _spectest = [];

    /// <summary>A linker with the functions of the host module, which stores have no part in.</summary>
    private Linker NewLinker() => new Linker(_engine) { AllowRedefinition = true }
        .Define(Spectest, "print", () => Print())
        .Define(Spectest, "print_i32", (int value) => Print(value))
        .Define(Spectest, "print_i64", (long value) => Print(value))
        .Define(Spectest, "print_f32", (float value) => Print(value))
        .Define(Spectest, "print_f64", (double value) => Print(value))
        .Define(Spectest, "print_i32_f32", (int first, float second) => Print(first, second))
        .Define(Spectest, "print_f64_f64", (double first, double second) => Print(first, second));

    /// <summary>Defines what the host module has beside functions.</summary>
    /// <param name="find">What there is for a name already; null for nothing.</param>
    private void DefineSpectest(Func<string, object?> find)
    {
        foreach (var (name, make) in SpectestThings)
        {
            var thing = find(name) ?? make(_store);
            _spectest[name] = thing;
            _ = thing switch
            {
                Global global => _linker.Define(Spectest, name, global),
                Table table => _linker.Define(Spectest, name, table),
                _ => _linker.Define(Spectest, name, (Memory)thing),
            };
        }
    }

    private void Print(params object[] values) =>
        _output.WriteLine(string.Join(' ', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture))));
}
