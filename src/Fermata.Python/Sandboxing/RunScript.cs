namespace Fermata.Python.Sandboxing;

/// <summary>What runs code inside of the interpreter, and reports what came of it as JSON (<see cref="RunReport"/>).</summary>
internal static class RunScript
{
    /// <summary>The module that it is, and the function in it.</summary>
    public const string Module = "_fermata_sandbox", Function = "report";

    /// <summary>
    /// The source of the module. Its function takes the source, its file's name, the variables it runs in, how many characters of a text are reported, and whether it runs in a new module
    /// with these variables. Code may do anything to the
    /// interpreter: modules and built-in functions are taken before it, and the latter put back behind it.
    /// </summary>
    public const string Source =
        """
        def make():
            import asyncio, builtins, json, linecache, sys, traceback
            from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
            from opcode import opmap
            from _pyodide._base import CodeRunner, EvalCodeResultException
            from pyodide.ffi import JsProxy, run_sync
            from types import ModuleType
            saved = dict(builtins.__dict__)
            modules = sys.modules
            restore = builtins.__dict__.update

            def convert(value):
                if isinstance(value, JsProxy):
                    return value.to_py()
                raise TypeError

            encoder = json.JSONEncoder(allow_nan=False, ensure_ascii=False, default=convert)

            def cut(text, limit):
                text = text if len(text) <= limit else text[:limit] + '…'
                return text.encode('utf-8', 'backslashreplace').decode()

            def as_json(value, limit):
                text = ''
                try:
                    for part in encoder.iterencode(value):
                        text += part
                        if len(text) > limit:
                            return None
                    text.encode()
                    return text
                except Exception:
                    return None

            async def settle(coroutine, outcome, every=BaseException):
                try:
                    await coroutine
                except every as e:
                    outcome.append(e)

            def wait(coroutine):
                outcome = []
                task = asyncio.ensure_future(settle(coroutine, outcome))
                try:
                    run_sync(task)
                except BaseException:
                    task.cancel()
                    raise
                if outcome:
                    raise outcome[0]

            def evaluate(code, variables, limit):
                value = None
                try:
                    coroutine = eval(code, variables)
                    if coroutine:
                        wait(coroutine)
                except EvalCodeResultException as e:
                    value = e.value
                return {} if value is None else {'text': cut(repr(value), limit), 'value': as_json(value, limit)}

            def is_raised(frame):
                # By a statement of Python, rather than by what has no memory.
                try:
                    return frame.tb_frame.f_code.co_code[frame.tb_lasti] == opmap['RAISE_VARARGS']
                except BaseException:
                    return False

            def describe(error, name, limit, line=None):
                trace = error.__traceback__
                while trace and trace.tb_frame.f_code.co_filename != name:
                    trace = trace.tb_next
                frame = trace
                while frame:
                    if frame.tb_frame.f_code.co_filename == name:
                        line = frame.tb_lineno
                    inner, frame = frame, frame.tb_next
                try:
                    message = str(error)
                except Exception:
                    message = ''
                try:
                    printed = ''.join(traceback.format_exception(type(error), error, trace))
                except Exception:
                    printed = ''
                return {'type': type(error).__name__, 'message': cut(message, limit), 'traceback': cut(printed, limit), 'line': line, 'isRaised': bool(trace) and is_raised(inner)}

            def run(source, name, variables, limit):
                restore(saved)
                try:
                    code = CodeRunner(source, filename=name, flags=PyCF_ALLOW_TOP_LEVEL_AWAIT).compile().code
                except SyntaxError as e:
                    error = describe(e, name, limit, e.lineno)
                    return {'error': error | {'isSyntax': True, 'message': cut(str(e.msg), limit)}}
                if code is None:
                    return {}
                linecache.cache[name] = len(source), None, source.splitlines(True), name
                try:
                    return evaluate(code, variables, limit)
                finally:
                    restore(saved)

            def new_main(variables):
                module = modules['__main__'] = ModuleType('__main__')
                module.__dict__.update(variables)
                return module.__dict__

            def report(source, name, variables, limit, is_apart):
                try:
                    if is_apart:
                        variables = new_main(variables)
                    result = run(source, name, variables, limit)
                except SystemExit as e:
                    result = {} if e.code is None or e.code == 0 else {'error': describe(e, name, limit)}
                except BaseException as e:
                    result = {'error': describe(e, name, limit)}
                return json.dumps(result)
            return report
        report = make()
        """;
}
