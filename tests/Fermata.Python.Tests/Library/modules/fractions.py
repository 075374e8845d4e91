from fractions import Fraction
from decimal import Decimal
Fraction(16, -10), Fraction('3/7'), Fraction(' -3.14e2 '), Fraction(0.1), Fraction(Decimal('1.1')), Fraction(2.5), Fraction(Fraction(1, 2), 3)
Fraction(1, 0)
Fraction('1/0')
Fraction('x')
Fraction(1.5, 2)
Fraction(1, 3) + Fraction(1, 6), Fraction(1, 2) * 4, Fraction(1, 2) ** 2, Fraction(4) ** Fraction(1, 2), 2 ** Fraction(-1), Fraction(7, 2) // 1, Fraction(-7, 2) % 2, divmod(Fraction(7, 2), Fraction(1, 3)), Fraction(1, 2) + 0.5, Fraction(1, 2) + 1j
Fraction(3.1415926535).limit_denominator(1000), Fraction(1, 3).as_integer_ratio(), round(Fraction(5, 2)), round(Fraction(10, 3), 2), int(Fraction(-7, 2)), float(Fraction(1, 3)), Fraction(7, 3).__ceil__(), Fraction(0.5).is_integer()
Fraction(1, 2) == 0.5, Fraction(1, 3) < 0.34, hash(Fraction(1, 2)) == hash(0.5), Fraction(1, 2) > Decimal('0.4') if False else None
f'{Fraction(22, 7):.5f} {Fraction(1, 3):>10} {Fraction(12345, 7):,.2f} {Fraction(1, 3):.2e} {Fraction(1, 2)}'
f'{Fraction(1, 2):x}'
Fraction.from_float(0.25), Fraction.from_decimal(Decimal('0.5')), Fraction(1, 2).numerator, bool(Fraction(0)), abs(Fraction(-1, 2)), -Fraction(1, 2)
Fraction(10 ** 40, 3) * 3, sum([Fraction(1, n) for n in range(1, 30)])
