using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Compilation;

/// <summary>Modules with very much of one thing. They would take minutes if some part of loading took more than linear time.</summary>
public sealed class HugeModuleTests : IDisposable
{
    private const int Functions = 100_000;
    private const int Waiting = Functions - 2;
    private const int Trapping = Functions - 1;
    private const byte I32 = 0x7F;
    private const byte Const = 0x41;
    private const byte Call = 0x10;
    private const byte End = 0x0B;

    private readonly Engine _engine = new();
    private readonly Store _store;
    private readonly Linker _linker;

    public HugeModuleTests()
    {
        _store = new Store(_engine);
        _linker = new Linker(_engine);
        _linker.Define("env", "wait", async () => await Task.Yield());
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task AHundredThousandFunctionsAreExportedAndInATable()
    {
        var instance = _linker.Instantiate(_store, Module.Load(_engine, ManyFunctions()));
        var drive = instance.GetFunction<Func<int, Task<int>>>("drive");
        foreach (var function in (int[])[0, 1, Functions / 2, Waiting])
            Assert.Equal(function, await drive(function));
        Assert.Equal(7, instance.GetFunction("e7").Invoke()[0].AsI32());
        Assert.Equal(
            Enumerable.Range(0, Functions).Select(i => i == 0 ? "first" : Exported(i)),
            Enumerable.Range(0, Functions).Select(i => instance.GetFunction(Exported(i)).Name));

        var trap = await Assert.ThrowsAsync<TrapException>(() => drive(Trapping));
        Assert.Equal([Trapping + 1, Functions + 1], trap.WasmStack.Select(frame => frame.FunctionIndex));
        Assert.Equal([Exported(Trapping), "drive"], trap.WasmStack.Select(frame => frame.FunctionName));
    }

    [Fact]
    public void MoreThanAMillionFunctionsAreRefused()
    {
        const int Count = 1_000_001;
        var bodies = Enumerable.Repeat<byte[]>([0, End], Count).ToArray();
        AssertInvalid(
            "too many functions: 1000001, and the limit is 1000000",
            0,
            Module(OneType, Section(3, [.. U32(Count), .. new byte[Count]]), Code(bodies)));
    }

    /// <summary>.NET looks through all classes of an assembly for each that it adds, and through all assemblies for each class that code names.</summary>
    [Fact]
    public void TensOfThousandsOfArrayTypesThatCodeUsesAndThatLeaveNothing()
    {
        const int Count = 30_000;
        var started = Stopwatch.GetTimestamp();
        Load();
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1));
        Assert.Equal(Count + 1, _engine.Types.Count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var another = _engine.Types.Intern(new FuncType([ValType.I32], []));
        Assert.Equal(2, _engine.Types.Count);
        GC.KeepAlive(another);

        // The linker has a function of the type of the module's.
        [MethodImpl(MethodImplOptions.NoInlining)]
        void Load()
        {
            var types = Enumerable.Range(0, Count).Select(i => i == 0 ? "(type (array i32))" : $"(type (array (ref null {i - 1})))");
            var uses = Enumerable.Range(0, Count).Select(i => $"(drop (array.new_default {i} (i32.const 0)))");
            var module = Module.Parse(_engine, $"(module {string.Concat(types)} (func {string.Concat(uses)}))");
            Assert.Equal(Count + 1, module.Types.Types.Length);
        }
    }

    [Fact]
    public void TenMegabytesOfDataInOneSegmentOrInMany()
    {
        const int Size = 10 << 20;
        var data = new byte[Size];
        data.AsSpan().Fill(7);
        var one = Instantiate(Module(
            Section(5, [1, 0, .. U32(Size >> 16)]), MemoryExport, Section(11, Concat([[1, 0, Const, 0, End], U32(Size), data]))));
        Assert.Equal(7, one.GetMemory("m").Span[Size - 1]);

        const int Count = 100_000;
        var bytes = data[..(Size / Count)];
        var segments = Enumerable.Range(0, Count).Select(i => (byte[])[0, Const, .. S32(i * bytes.Length), End, .. U32((uint)bytes.Length), .. bytes]);
        var many = Instantiate(Module(Section(5, [1, 0, .. U32(Size >> 16)]), MemoryExport, Section(11, Concat([U32(Count), .. segments]))));
        Assert.Equal(7, many.GetMemory("m").Span[(Count * bytes.Length) - 1]);
    }

    [Fact]
    public void IntegersOfTheGreatestLengthEverywhere()
    {
        const int Count = 10_000;
        byte[] body = [.. Long(0), Const, .. Long(1), End];
        byte[] entry = [.. Long(body.Length), .. body];
        var instance = Instantiate(Module(
            LongSection(1, [.. Long(1), 0x60, .. Long(0), .. Long(1), I32]),
            LongSection(3, Concat([Long(Count), .. Enumerable.Repeat(Long(0), Count)])),
            LongSection(7, [.. Long(1), .. Long(1), (byte)'f', 0, .. Long(Count - 1)]),
            LongSection(10, Concat([Long(Count), .. Enumerable.Repeat(entry, Count)]))));
        Assert.Equal(1, instance.GetFunction("f").Invoke()[0].AsI32());
    }

    private static byte[] MemoryExport => Section(7, 1, 1, (byte)'m', 2, 0);

    /// <summary>Function i gives i; one waits before, and the last traps. All are in a table, and <c>drive</c> calls them by their index in it.</summary>
    private static byte[] ManyFunctions()
    {
        byte[] Body(int i) => i switch
        {
            Waiting => [0, Call, 0, Const, .. S32(i), End],
            Trapping => [0, 0, End],
            _ => [0, Const, .. S32(i), End],
        };

        var indices = Concat(Enumerable.Range(1, Functions).Select(i => U32((uint)i)));
        var exports = Concat(Enumerable.Range(0, Functions).Select(i => (byte[])[.. Name(Exported(i)), 0, .. U32((uint)i + 1)]));
        return Module(
            Section(1, 3, 0x60, 0, 0, 0x60, 0, 1, I32, 0x60, 1, I32, 1, I32),
            Section(2, [1, .. Name("env"), .. Name("wait"), 0, 0]),
            Section(3, [.. U32(Functions + 1), .. Enumerable.Repeat<byte>(1, Functions), 2]),
            Section(4, [1, 0x70, 0, .. U32(Functions)]),
            Section(7, [.. U32(Functions + 1), .. Name("drive"), 0, .. U32(Functions + 1), .. exports]),
            Section(9, [1, 0, Const, 0, End, .. U32(Functions), .. indices]),
            Code([.. Enumerable.Range(0, Functions).Select(Body), [0, 0x20, 0, 0x11, 1, 0, End]]),
            Custom("name", Section(1, [1, 1, .. Name("first")])));
    }

    private static string Exported(int function) => "e" + function.ToString(CultureInfo.InvariantCulture);

    private static byte[] S32(int value)
    {
        var bytes = new List<byte>();
        for (; value is < -64 or > 63; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)(value & 0x7F));
        return [.. bytes];
    }

    /// <summary>A number in five bytes, whatever it is.</summary>
    private static byte[] Long(int value) =>
        [(byte)(value | 0x80), (byte)(value >> 7 | 0x80), (byte)(value >> 14 | 0x80), (byte)(value >> 21 | 0x80), (byte)(value >> 28)];

    private static byte[] LongSection(byte id, byte[] content) => [id, .. Long(content.Length), .. content];

    private Instance Instantiate(byte[] module) => _linker.Instantiate(_store, Module.Load(_engine, module));
}
