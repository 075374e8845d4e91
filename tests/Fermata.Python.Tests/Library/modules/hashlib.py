import hashlib, io
[(n, hashlib.new(n, b'abc').hexdigest()) for n in ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3_224', 'sha3_256', 'sha3_384', 'sha3_512', 'blake2b', 'blake2s')]
hashlib.shake_128(b'abc').hexdigest(10), hashlib.shake_256(b'').digest(5)
h = hashlib.sha256(); h.update(b'a' * 100000); k = h.copy(); h.update(b'b')
h.hexdigest(), k.hexdigest(), h.digest_size, h.block_size, h.name
hashlib.new('nothing')
hashlib.sha256('a')
hashlib.blake2b(b'x', digest_size=16, key=b'key', salt=b'salt', person=b'me').hexdigest(), hashlib.blake2s(b'', node_depth=1, last_node=True, fanout=2, depth=3, leaf_size=4, node_offset=5, inner_size=6).hexdigest()
hashlib.blake2b(digest_size=100)
hashlib.pbkdf2_hmac('sha256', b'password', b'salt', 1000).hex(), sorted(hashlib.algorithms_guaranteed), hashlib.file_digest(io.BytesIO(b'abc'), 'md5').hexdigest()
hashlib.pbkdf2_hmac('sha256', b'p', b's', 0)
hashlib.scrypt(b'p', salt=b's', n=2, r=1, p=1).hex()
hashlib.md5(b'abc', usedforsecurity=False).hexdigest()
