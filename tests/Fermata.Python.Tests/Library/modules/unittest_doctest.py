import unittest, io, doctest, types, unittest.mock
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): log.append('class')
    def setUp(self): log.append('up'); self.addCleanup(log.append, 'cleanup')
    def tearDown(self): log.append('down')
    def test_ok(self): self.assertEqual([1, {'a': 2}], [1, {'a': 2}]); self.assertAlmostEqual(0.1 + 0.2, 0.3); self.assertIn(1, [1]); self.assertRaises(KeyError, {}.__getitem__, 1); self.assertRegex('abc', 'b'); self.assertCountEqual('ab', 'ba')
    def test_fail(self): self.assertEqual([1, 2, 3], [1, 3])
    def test_error(self): 1 / 0
    @unittest.skip('why')
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.fail('x')
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
log = []; o = io.StringIO(); r = unittest.TextTestRunner(o, verbosity=0).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
r, [str(t[0]) for t in r.failures], r.failures[0][1].splitlines()[-8:], log[:4], r.wasSuccessful()
T().assertEqual('a\nb', 'a\nc')
T().assertDictEqual({'a': 1}, {'a': 2})
with T().assertRaisesRegex(ValueError, 'x'): raise ValueError('y')
with T().assertRaises(ValueError): pass
class AT(unittest.IsolatedAsyncioTestCase): pass
m = unittest.mock.Mock(return_value=3, side_effect=[1, KeyError])
m(1, a=2), m.call_args, m.called, m.x.y(5) is m.x.y(5), m.mock_calls, m.call_count
m()
m.assert_called_once_with(1)
with unittest.mock.patch('os.getcwd', return_value='/patched'): import os; x = os.getcwd()
x, unittest.mock.MagicMock().__len__(), unittest.mock.sentinel.a, unittest.mock.call(1) == unittest.mock.call(1), unittest.mock.ANY == 5, unittest.mock.create_autospec(len)([1]) is not None
unittest.mock.Mock(spec=['a']).b
d = types.ModuleType('d'); d.__doc__ = '>>> 1 + 1\n2\n>>> 1 / 0\nTraceback (most recent call last):\nZeroDivisionError: division by zero\n>>> 5\n6\n'
doctest.testmod(d, verbose=False)
