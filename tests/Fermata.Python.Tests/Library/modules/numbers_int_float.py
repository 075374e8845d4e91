import sys, numbers
[int(x, b) for x, b in (('ff', 16), ('0b11', 0), ('-0o17', 8), ('z', 36), ('1_000', 10), (' 42\n', 10), ('٣', 10))], int.from_bytes(b'\xff\x00', 'big', signed=True), (258).to_bytes(3, 'little'), (-5).bit_length(), (255).bit_count(), (5).as_integer_ratio(), -7 // 2, -7 % 3, divmod(-7, -2), 7 // -2, 2 ** -1, pow(3, -1, 7), pow(2, 1000, 97), 5 & -2, 1 << 70, -1 >> 100, ~0, 0 ** 0, round(12345, -2), round(-2.5), round(0.5), round(2.675, 2), int(-3.99), (10).__floordiv__('a'), True + True, bool(0.0), int(1e30), hash(2 ** 61 - 1), hash(-1), hash(1.5), hash(float('inf'))
(300).to_bytes(1)
(-1).to_bytes(1)
int.from_bytes([256])
[repr(x) for x in (0.1 + 0.2, 1e16, 1e15, 123456789012345678.0, 5e-324, 1.7976931348623157e308, -0.0, 1e22, 1e-5, 0.0001, 100000.0, 1 / 3, 2 / 3, 1e100, 9007199254740993.0)], float('1_0.5'), float(' -inf '), float('nan'), float.fromhex('0x1.8p3'), (1.5).hex(), (0.1).as_integer_ratio(), (2.0).is_integer(), 1e308 * 10, 5.5 // 2, -5.5 % 2, divmod(5.5, -2), float('1e400'), 0.1 == 1e-1, 1 < 1.5, 10 ** 20 == 1e20, 2 ** 53 + 1 == float(2 ** 53 + 1)
float.fromhex('x')
[format(x, f) for x, f in ((3.14159, '.2f'), (1e10, 'g'), (1234567.891, ',.1f'), (0.000012, '.3g'), (5, '+.1e'), (0.5, '.0%'), (255, '#x'), (255, '010b'), (-5, '=+8d'), (1e-10, ''), (float('nan'), '08.2f'), (123456, '_d'), (12.5, 'n'), (1.0, 'z.1f'), (-0.001, 'z.1f'), (3, 'c'), (10 ** 30, ',d'), (1e22, 'f'), (2.5, '.0f'), (3.5, '.0f'))]
format(1.5, 'd')
format('a', '=5')
[x.__round__(1) for x in (1.25, 1.35, 2.55)], sum([0.1] * 3), isinstance(True, numbers.Integral), isinstance(1.5, numbers.Rational), issubclass(complex, numbers.Number), 3 .real, (5).imag, (5).conjugate(), 3 .__index__(), sys.float_info.max, sys.float_info.epsilon, sys.int_info, sys.maxsize, sys.hash_info.width
2 ** 1000, 3 ** 500 % 10 ** 20, (7 ** 300) // (7 ** 298), len(str(7 ** 3000)), int('9' * 4000) % 1000007, (2 ** 521 - 1) * (2 ** 607 - 1) % (10 ** 30), -(2 ** 64) // 3, (10 ** 50) // (-7 ** 20), math_isqrt if False else 0
int('1' * 5000)
sys.set_int_max_str_digits(0); len(str(10 ** 6000)), sys.set_int_max_str_digits(4300)
