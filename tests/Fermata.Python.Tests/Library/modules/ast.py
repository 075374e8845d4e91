import ast
print(ast.dump(ast.parse('x: int = f(a, *b, k=1)[1:2]\nfor i in y: pass\nelse: break'), indent=1))
ast.unparse(ast.parse('def f(a, /, b:int=1, *c, d, **e) -> int:\n  "doc"\n  return (yield x) if a else lambda q: {**e}\nclass A(B, metaclass=C):\n  @d\n  async def g(self): await x; return f"{a!r:>{w}} {{"\nmatch p:\n  case [1, *r] | {"k": v, **q} if z: pass\n  case C(a, b=1) as w: ...\n  case _: del x\ntry: pass\nexcept* E as e: raise X from None\nfinally: nonlocal_ = 1\nwith a as b, c: x += 1; assert x, "m"; global g\nx = a @ b ** -c // d if not e else ~f\n(y := 5)\nprint(1 < 2 <= 3 != 4 in a not in b is c is not d and e or f)'))
ast.literal_eval("{'a': [1, 2.5, (None, True), b'x', {1}, -3, 1+2j]}"), ast.literal_eval('set()')
ast.literal_eval('f()')
ast.literal_eval('1 +')
ast.literal_eval('[' * 300)
class V(ast.NodeVisitor):
    def visit_Name(self, n): names.append(n.id)
class T(ast.NodeTransformer):
    def visit_Constant(self, n): return ast.copy_location(ast.Constant(n.value * 2), n)
names = []; V().visit(ast.parse('a + b(c)'))
names, eval(compile(ast.fix_missing_locations(T().visit(ast.parse('3 + 4', mode='eval'))), 'f', 'eval')), ast.get_docstring(ast.parse('"d"')), [type(n).__name__ for n in ast.walk(ast.parse('a=1'))], ast.get_source_segment('x = 1 + 2', ast.parse('x = 1 + 2').body[0].value), list(ast.iter_fields(ast.Constant(5)))[0], ast.Name('x'), ast.parse('a').body[0].lineno, ast.compare(ast.parse('a'), ast.parse('a ')), isinstance(ast.Constant(1), ast.expr)
compile(ast.Module([ast.Expr(ast.Name('x', ast.Store()))], []), 'f', 'exec')
compile(ast.Expression(5), 'f', 'eval')
def problem(s):
    try: compile(s, 'f', 'exec'); return 'fine'
    except Exception as e: return f'{type(e).__name__}: {e}'
[(s, problem(s)) for s in ('a b', 'def', 'return', 'x = = 1', '"abc', "'''", '(', ')', 'f(a=1, 2)', 'del 1', '1 = x', 'if x = 1: pass', 'for', '  x', 'if 1:\nx', 'a\n  b', 'yield', 'await x', 'break', 'nonlocal x', 'def f(a, a): pass', 'f(**a, *b)', 'x: int: str', 'from x import', 'import a.b as', '0777', '1_', '0b2', '1e', '\\')]
[(s, problem(s)) for s in ('é = 1; €', 'f"{"', 'f"{a!x}"', 'b"é"', 'print 1', 'None = 1', 'async x', 'class', 'try: pass', 'with: pass', '*a', 'a = *b', '[*a for a in b]', '{**a: 1}', 'match x:\n case a: pass\n case b: pass', 'type X', 'x; global x', 'from __future__ import nope', 'except: pass', 'a := 1', '(a, b) += 1', 'else', '@', 'not', '$', '?', '!', '\x00', 'def f():\n\treturn 1\n        return 2', '(' * 300, 'a' + '.b' * 10)]
