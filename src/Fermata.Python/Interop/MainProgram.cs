namespace Fermata.Python.Interop;

/// <summary>Runs code as Python's own program does: with what its end means, and exceptions printed.</summary>
internal static class MainProgram
{
    /// <summary>The module that it is.</summary>
    public const string Module = "_fermata_main";

    /// <summary>The function that runs source code, of a file's name, in a dictionary of variables. It returns the exit code, as the next one does.</summary>
    public const string OfSource = "run_source";

    /// <summary>The function that runs a module.</summary>
    public const string OfModule = "run_module";

    /// <summary>The function that runs a prompt: what it says first, a function that reads lines, or None, and a dictionary of variables.</summary>
    public const string OfPrompt = "run_prompt";

    /// <summary>The source of the module.</summary>
    public const string Source =
        """
        import atexit, contextlib, linecache, sys

        def set_flags(**flags):
            # That of PYTHONINSPECT, by which Python lives on after its main, is none of the program's.
            sys.flags = sys.flags.__replace__(**{'inspect': 0, **flags})

        def show(error, is_of_program):
            # The frames before the first of the program are not its own.
            traceback = error.__traceback__
            while traceback and not is_of_program(traceback.tb_frame.f_code.co_filename):
                traceback = traceback.tb_next
            sys.last_exc = error.with_traceback(traceback)
            sys.excepthook(type(error), error, traceback)

        def run(program, is_of_program):
            try:
                program()
                return 0
            except SystemExit as error:
                if error.code is None or isinstance(error.code, int):
                    return (error.code or 0) & 0xFF
                print(error.code, file=sys.stderr)
                return 1
            except BaseException as error:
                show(error, is_of_program)
                return 130 if isinstance(error, KeyboardInterrupt) else 1
            finally:
                atexit._run_exitfuncs()
                for stream in sys.stdout, sys.stderr:
                    # The program may have closed it, or put something else there.
                    with contextlib.suppress(Exception):
                        stream.flush()

        def run_source(source, name, variables):
            set_flags()
            if not name.startswith('<'):
                variables['__file__'] = name
            linecache.cache[name] = len(source), None, source.splitlines(True), name
            return run(lambda: exec(compile(source, name, 'exec', dont_inherit=True), variables), name.__eq__)

        def run_module(name):
            import runpy
            set_flags()
            return run(lambda: runpy._run_module_as_main(name), '<frozen runpy>'.__eq__)

        def run_prompt(banner, read_line, variables):
            import ast, code, inspect, types
            from pyodide.ffi import run_sync
            set_flags(inspect=1, interactive=1)

            class Prompt(code.InteractiveConsole):
                def __init__(self):
                    super().__init__(variables, '<stdin>')
                    self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

                def raw_input(self, prompt=''):
                    if read_line:
                        line = run_sync(read_line(prompt))
                    else:
                        print(prompt, end='', file=sys.stderr, flush=True)
                        line = sys.stdin.readline() or None
                    if line is None:
                        raise EOFError
                    return line.removesuffix('\n')

                def runcode(self, code):
                    try:
                        result = types.FunctionType(code, self.locals)()
                        if inspect.iscoroutine(result):
                            run_sync(result)
                    except SystemExit:
                        raise
                    except BaseException as error:
                        show(error, self.filename.__eq__)

            return run(lambda: Prompt().interact(banner, ''), '<stdin>'.__eq__)
        """;
}
