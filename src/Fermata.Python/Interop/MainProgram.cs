namespace Fermata.Python.Interop;

/// <summary>Runs source code as Python's own program does: with what its end means, and exceptions printed.</summary>
internal static class MainProgram
{
    /// <summary>A function of the source, its file's name and the variables it runs in, which returns the exit code.</summary>
    public const string Source =
        """
        def _fermata_main():
            import linecache, sys, traceback
            def main(source, name, variables):
                linecache.cache[name] = len(source), None, source.splitlines(True), name
                try:
                    exec(compile(source, name, 'exec'), variables)
                    return 0
                except SystemExit as e:
                    if e.code is None or isinstance(e.code, int):
                        return (e.code or 0) & 0xFF
                    print(e.code, file=sys.stderr)
                    return 1
                except BaseException as e:
                    # The frames behind that of this function are the program's.
                    traceback.print_exception(e.with_traceback(e.__traceback__.tb_next))
                    return 130 if isinstance(e, KeyboardInterrupt) else 1
                finally:
                    sys.stdout.flush()
                    sys.stderr.flush()
            return main
        _fermata_main()
        """;
}
