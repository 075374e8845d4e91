from decimal import *
getcontext()
Decimal(1) / 7, Decimal('0.1') + Decimal('0.2'), Decimal(0.1), Decimal('1e5') * Decimal('-0'), Decimal('NaN'), Decimal('-Infinity')
Decimal('x')
Decimal(1) / 0
Decimal(0) / 0
Decimal(2).sqrt(), Decimal(10).ln(), Decimal(1).exp(), Decimal(1000).log10(), Decimal(2) ** Decimal('0.5'), Decimal(2) ** 200
Decimal('1.23456').quantize(Decimal('0.01'), rounding=ROUND_HALF_EVEN), [str(Decimal('2.5').quantize(Decimal(1), rounding=r)) for r in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP)]
Decimal('1e50').quantize(Decimal('0.01'))
Decimal('123.4500').normalize(), Decimal('1E+3').to_eng_string(), Decimal('123').as_tuple(), Decimal((1, (1, 2), -1)), Decimal('0.125').as_integer_ratio(), Decimal('3.7').to_integral_value(), int(Decimal('-3.7')), round(Decimal('2.675'), 2), divmod(Decimal(-7), 2)
f"{Decimal('1234567.891'):,.2f} {Decimal('0.00001234'):e} {Decimal('12'):>8.1%} {Decimal('1.5'):08.3f}"
Decimal(1).compare(Decimal('NaN')), Decimal('NaN') == Decimal('NaN'), Decimal(1) == 1.0, Decimal('1.10') == Decimal('1.1'), Decimal(1) < 1.5
Decimal('sNaN') + 1
Decimal('NaN') < 1
Decimal(1) + 1.5
hash(Decimal('1.0')) == hash(1), max(Decimal(1), 2), sum([Decimal('0.1')] * 3)
with localcontext(prec=5, rounding=ROUND_DOWN) as c:
    result = Decimal(1) / 3, Decimal(2) / 3, c.flags[Inexact]
result
with localcontext() as c:
    c.traps[DivisionByZero] = False
    c.Emax = 5
    result = Decimal(1) / 0, c.flags[DivisionByZero]
result
Context(prec=3).create_decimal('1.23456'), Context(prec=50).divide(Decimal(1), Decimal(3)), ExtendedContext.prec, BasicContext.rounding
Decimal('1e1000000') * 10
Decimal('9' * 40) + 1, Decimal('1').scaleb(5), Decimal(5).logical_and(Decimal(1)), Decimal('1.5').next_plus(), Decimal('123456').shift(2), Decimal('123').rotate(1), Decimal(7).remainder_near(4), Decimal(2).fma(3, 4), Decimal('1.5').is_signed(), Decimal('Inf').is_infinite(), Decimal('0E-5').is_zero(), Decimal(1).adjusted()
Decimal.from_float(1.1), Decimal(3).number_class(), Decimal('-3').copy_abs(), Decimal(10) % 3, Decimal(-10) // 3, -Decimal(0), +Decimal('-0')
Decimal.from_number(5) if hasattr(Decimal, 'from_number') else None
len(str(Decimal(2) ** 5000)), Decimal('1e-400000') / 10
MAX_PREC, MAX_EMAX, MIN_ETINY
