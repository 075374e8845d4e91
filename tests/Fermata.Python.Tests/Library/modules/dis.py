import dis, io
def f(a, b=1):
    for i in range(a):
        if i: b += i
    return [x * 2 for x in (a, b)]
dis.dis(f)
[(i.opname, i.argrepr) for i in dis.get_instructions('x = y.z[1] if q else w(*a, **k)')]
dis.code_info(compile('a = 1', 'f', 'exec')).splitlines()[1:4], dis.stack_effect(dis.opmap['POP_TOP']), list(dis.findlinestarts(f.__code__))[0][1] > 0, dis.Bytecode('1').codeobj.co_consts, dis.hasconst != []
dis.dis(5)
