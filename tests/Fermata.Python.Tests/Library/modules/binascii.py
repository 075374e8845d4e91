from binascii import *
hexlify(b'\x01\xab', '-'), unhexlify('01ab'), b2a_base64(b'abc', newline=False), a2b_base64(b'YWJj'), crc32(b'abc'), crc_hqx(b'abc', 0), b2a_uu(b'abc'), a2b_uu(b'#86)C\n'), b2a_qp(b'a=\xe9 \n', istext=True), a2b_qp(b'a=3D=E9'), hexlify(b'abcdef', ':', 2)
unhexlify('abc')
unhexlify('zz')
a2b_base64(b'a')
a2b_base64(b'ab=c', strict_mode=True)
a2b_uu(b'\xff')
b2a_uu(b'x' * 50)
