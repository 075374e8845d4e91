import ast, contextlib, inspect, io, re


async def transcript(name, source):
    """What the statements of a script do, a line for each: the values of expressions, what is printed, and exceptions, after which the next statement runs."""
    variables = {'__name__': name}
    return '\n'.join([await line(name, source, statement, variables) for statement in ast.parse(source).body])


async def line(name, source, statement, variables):
    expression = isinstance(statement, ast.Expr)
    tree = ast.Expression(statement.value) if expression else ast.Module([statement], [])
    output = io.StringIO()
    result = ''
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            code = compile(tree, name, 'eval' if expression else 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            value = eval(code, variables)
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
            if expression:
                result = repr(value)
        except BaseException as e:
            result = f'{type(e).__module__}.{type(e).__qualname__}: {e}'
    # Addresses differ from one run to the next.
    shown = re.sub(r'\b0x[0-9a-f]{4,}', '0x…', result)
    return f'{statement.lineno}: {ast.get_source_segment(source, statement)} → {output.getvalue()}{shown}'.replace('\n', '⏎')


transcript
