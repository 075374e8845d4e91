import io, re, unittest
from unittest import mock


class Standard(unittest.TestCase):
    def test_passes(self):
        with self.subTest(number=1), self.assertRaisesRegex(ValueError, "invalid literal"):
            int("x")

    def test_fails(self):
        self.assertEqual([1, 2, 3], [1, 2, 4])

    @unittest.skip("not today")
    def test_skipped(self):
        pass

    def test_mock(self):
        with mock.patch("os.getcwd", return_value="/nowhere") as getcwd:
            import os
            self.assertEqual(os.getcwd(), "/nowhere")
            getcwd.assert_called_once_with()


stream = io.StringIO()
unittest.TextTestRunner(stream, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Standard))
print(re.sub(r"in \d+\.\d+s", "in time", stream.getvalue()))
