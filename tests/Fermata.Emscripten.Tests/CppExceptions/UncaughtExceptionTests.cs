using Fermata.Emscripten.Tests.Toolchain;

namespace Fermata.Emscripten.Tests.CppExceptions;

/// <summary>What the message of an exception tells that a C++ program did not catch.</summary>
public sealed class UncaughtExceptionTests
{
    private const string NotCaught = "a WebAssembly exception was not caught";

    private static readonly string[] Modes = ["JavaScript", "WebAssembly", "legacy"];

    /// <summary>What is told of each exception of the function <c>uncaught</c>, by its number.</summary>
    private static readonly string[] Told =
    [
        "(anonymous namespace)::BadFailure: it failed, as it should",
        "int",
        "Second: of the second base",
        "char const*",
        "Generic<Generic<First*, 5>, -1>",
        "Trapping",
        "Waiting",
    ];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var mode in Modes)
        {
            for (var kind = 0; kind < Told.Length; kind++)
                cases.Add(mode, kind);
        }

        return cases;
    }

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public async Task TellsTypeAndWhat(string mode, int kind)
    {
        await using var instance = await StartAsync(mode);

        var failure = Assert.Throws<WasmException>(() => instance.GetFunction("uncaught").Invoke(kind));

        Assert.Equal($"{NotCaught}: {Told[kind]}", FirstLine(failure.Message));
    }

    [NpmTheory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(6, false)]
    public async Task TellsItOfCallsThatHaveWaited(int kind, bool suspendsEverywhere)
    {
        var waits = new Waits();
        await using var instance = await ClangProgram.Load("exceptions WebAssembly", suspendsEverywhere).StartAsync(waits.Define(new EmscriptenHost()));

        var failure = await Assert.ThrowsAsync<WasmException>(() => waits.FinishAsync(instance.GetFunction("uncaught").InvokeAsync(100 + kind)));

        Assert.Equal($"{NotCaught}: {Told[kind]}", FirstLine(failure.Message));
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatItSaysTakesNoLongerThanTheCallMayTake(bool isPromising)
    {
        for (var seconds = 1; ; seconds *= 4)
        {
            await using var instance = await StartAsync("WebAssembly");
            var function = instance.GetFunction("uncaught");

            // The code is there when the time begins, so that it is over in the middle of what().
            Assert.Throws<WasmException>(() => function.Invoke(0));
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));

            var failure = await Record.ExceptionAsync(
                () => Task.Run(() => isPromising ? function.InvokeAsync([7], deadline.Token) : Task.FromResult(function.Invoke([7], deadline.Token))).WaitAsync(TimeSpan.FromMinutes(5)));

            // Where this machine is busy with something else, that may be before it.
            if (failure is OperationCanceledException && seconds < 60)
                continue;
            Assert.Equal($"{NotCaught}: Endless", FirstLine(Assert.IsType<WasmException>(failure).Message));
            return;
        }
    }

    /// <summary>The library of Emscripten itself, in which one exception may stand for another.</summary>
    [NpmFact]
    public async Task TellsWhatIsThrownByTheLibraryOfEmscripten()
    {
        const string told = $"{NotCaught}: std::runtime_error: in vain\\u{{a}}";
        await using var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        var instance = python.Instance;
        var text = instance.GetFunction("malloc").Invoke(10)[0];
        instance.Memory.WriteUtf8(text.AsI32(), "in vain\n", zeroTerminated: true);
        var thrown = instance.GetFunction("__cxa_allocate_exception").Invoke(16)[0];
        instance.GetFunction("_ZNSt13runtime_errorC1EPKc").Invoke(thrown, text);
        var type = instance.Instance.GetGlobal("_ZTISt13runtime_error").Value;

        Assert.Equal(told, FirstLine(Assert.Throws<WasmException>(() => instance.GetFunction("__cxa_throw").Invoke(thrown, type, 0)).Message));
        Assert.Equal(1, instance.Memory.Read<int>(instance.GetFunction("__cxa_get_globals").Invoke()[0].AsI32() + sizeof(int)));
        Assert.Equal(told, FirstLine(Assert.Throws<WasmException>(() => instance.GetFunction("__cxa_rethrow_primary_exception").Invoke(thrown)).Message));
    }

    /// <summary>An exception that lies anywhere, in a memory that holds anything, is told of as one of any language.</summary>
    [Fact]
    public async Task SaysNothingOfMemoryThatHoldsNoException()
    {
        const string text = """
            (module
              (memory (export "memory") 1)
              (tag $thrown (param i32))
              (tag $other (param i64))
              (func (export "throw") (param i32) (throw $thrown (local.get 0)))
              (func (export "other") (throw $other (i64.const 0))))
            """;
        await using var instance = await EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse(text).Bytes).StartAsync(new EmscriptenHost());
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            // Words that are addresses, small ones above all, lead furthest.
            for (var address = 0; address < 65536; address += sizeof(int))
                instance.Memory.Write(address, random.Next(4) switch { 0 => random.Next(256), 1 => random.Next(65536), 2 => -random.Next(256), _ => random.Next() });
            if (round % 2 == 0)
                instance.Memory.Write(256, 0x434C4E47432B2B00);
            foreach (var address in new[] { 256, random.Next(65536), 0, 65532, -1, -random.Next(64) })
                Assert.Equal(NotCaught, FirstLine(Assert.Throws<WasmException>(() => instance.GetFunction("throw").Invoke(address)).Message));
        }

        Assert.Equal(NotCaught, FirstLine(Assert.Throws<WasmException>(() => instance.GetFunction("other").Invoke()).Message));
    }

    [NpmFact]
    public async Task WhatTheHostSaysComesFirst()
    {
        var options = new StoreOptions { DescribeException = static (exception, _) => $"{exception.Values.Count} value" };
        await using var instance = await ClangProgram.Load("exceptions JavaScript", suspendsEverywhere: false).StartAsync(new Waits().Define(new EmscriptenHost()), options);

        var failure = Assert.Throws<WasmException>(() => instance.GetFunction("uncaught").Invoke(0));

        Assert.Equal($"{NotCaught}: 1 value", FirstLine(failure.Message));
    }

    private static Task<EmscriptenInstance> StartAsync(string mode) =>
        ClangProgram.Load($"exceptions {mode}", suspendsEverywhere: false).StartAsync(new Waits().Define(new EmscriptenHost()));

    private static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];
}
