using System.Text;

namespace Fermata.Emscripten.Tests.Glue;

/// <summary>MicroPython, whose exceptions are <c>setjmp</c> and <c>longjmp</c>.</summary>
public sealed class MicroPythonTests
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exceptions_are_caught_however_deep_they_are_raised(bool suspendsEverywhere)
    {
        var output = Run(
            suspendsEverywhere,
            """
            def down(n):
                if n == 0:
                    raise ValueError('bottom')
                down(n - 1)

            for i in range(3):
                try:
                    try:
                        down(i * 8)
                    finally:
                        print('finally')
                except ValueError as e:
                    print(i, e)
            try:
                1 // 0
            except ZeroDivisionError as e:
                print(type(e).__name__)
            print(sum(x for x in range(10)))
            """);

        Assert.Equal("finally\n0 bottom\nfinally\n1 bottom\nfinally\n2 bottom\nZeroDivisionError\n45\n", output);
    }

    /// <summary>Runs a script as the JavaScript of MicroPython does, and returns what it prints.</summary>
    private static string Run(bool suspendsEverywhere, string script)
    {
        var output = new MemoryStream();
        Memory memory = null!;
        using var program = GlueProgram.Start(
            suspendsEverywhere,
            File.ReadAllBytes(Packages["@micropython/micropython-webassembly-pyscript", "micropython.wasm"]),
            EmscriptenNames.None,
            linker => linker.Define("wasi_snapshot_preview1", "fd_write", (int descriptor, int buffers, int count, int written) =>
            {
                var total = 0;
                for (var i = 0; i < count; i++)
                {
                    var (start, length) = (memory.Read<int>(buffers + 8 * i), memory.Read<int>(buffers + 8 * i + 4));
                    output.Write(memory.GetSpan((uint)start, length));
                    total += length;
                }

                memory.Write(written, total);
                return 0;
            }));
        memory = program.Instance.GetMemory("memory");
        program["emscripten_stack_init"].Invoke();
        program["__wasm_call_ctors"].Invoke();
        program["mp_js_init"].Invoke(2048, 1 << 20);
        program["proxy_c_init"].Invoke();
        var bytes = Encoding.UTF8.GetBytes(script);
        var source = program["malloc"].Invoke(bytes.Length + 1)[0].AsI32();
        memory.WriteUtf8(source, script, zeroTerminated: true);
        program["mp_js_do_exec"].Invoke(source, bytes.Length, program["malloc"].Invoke(12)[0]);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
