import math
[f(x) for f in (math.sin, math.cos, math.tan, math.asin, math.acos, math.atan, math.sinh, math.cosh, math.tanh, math.asinh, math.atanh) for x in (0.1, -0.5, 0.9)]
[math.exp(x) for x in (0, 1, -745.2, 709.7)], math.expm1(1e-10), math.exp2(0.5), math.log(2), math.log(8, 2), math.log2(10), math.log10(1e-5), math.log1p(1e-10), math.log(10 ** 400), math.acosh(1.5)
math.exp(1000)
math.log(0)
math.log(-1)
math.sqrt(-1)
math.acos(2)
math.sin(math.inf)
math.pow(2, 0.5), math.pow(0, 0), math.pow(-8, 3), math.cbrt(-27), math.hypot(3, 4, 12), math.dist([1, 2], [4, 6]), math.fma(2, 3, 4), math.sumprod([1, 2], [3, 4.5])
math.pow(-8, 1 / 3)
math.pow(0, -1)
math.gamma(5.5), math.lgamma(100), math.erf(0.5), math.erfc(3), math.gamma(-1.5)
math.gamma(-1)
math.gamma(172)
math.floor(-1.5), math.ceil(1e20), math.trunc(-1.7), math.fmod(-7, 3), math.remainder(7, 4), math.modf(-1.25), math.frexp(10), math.ldexp(0.5, 10), math.copysign(1, -0.0), math.fabs(-2), math.nextafter(1, 2), math.nextafter(0, 1, steps=3), math.ulp(1), math.degrees(1), math.radians(180)
math.ldexp(1, 5000)
math.floor(math.nan)
math.factorial(30), math.comb(50, 25), math.perm(10, 3), math.gcd(48, 36, 60), math.lcm(4, 6, 10), math.isqrt(10 ** 40 + 1), math.prod([1.5, 2, 3])
math.factorial(-1)
math.factorial(1.5)
math.isqrt(-1)
math.comb(-1, 2)
math.fsum([0.1] * 10), sum([0.1] * 10), math.isclose(1, 1 + 1e-10), math.isnan(math.nan), math.isfinite(1e308 * 10), math.pi, math.e, math.tau, math.inf, math.atan2(-0.0, -1)
[math.sin(10.0 ** k) for k in range(0, 23, 2)]
[math.tan(k * 1.1) for k in range(20)]
[math.exp(k / 7) for k in range(-20, 20)]
[(k / 3) ** 2.7 for k in range(1, 20)]
