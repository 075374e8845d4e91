import cmath
[f(1 + 2j) for f in (cmath.sqrt, cmath.exp, cmath.log, cmath.sin, cmath.cos, cmath.tan, cmath.asin, cmath.acos, cmath.atan, cmath.sinh, cmath.cosh, cmath.tanh, cmath.asinh, cmath.acosh, cmath.atanh, cmath.log10, cmath.polar)]
cmath.phase(-1), cmath.rect(2, 1), cmath.log(-1), cmath.log(1j, 2), cmath.sqrt(-4), cmath.isclose(1, 1 + 1e-12j), cmath.isnan(complex('nan')), cmath.infj, cmath.nanj
cmath.log(0)
cmath.exp(1000)
cmath.sqrt(complex(-0.0, -0.0)), cmath.atan(complex(0, 2)), cmath.isinf(complex('inf+1j'))
(1 + 2j) ** (3 - 1j), (1 + 2j) / (3 - 4j), abs(3 + 4j), (1 + 2j).conjugate(), complex('1e3-2.5j'), complex(1, -0.0), -0j, 1j ** 2, hash(1 + 0j) == hash(1)
complex('1 + 2j')
1j / 0
(1 + 2j) < 1
int(1j)
f'{1 + 2j:.2f} {3.14159j:e}'
