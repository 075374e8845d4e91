import hmac
hmac.new(b'key', b'msg', 'sha256').hexdigest(), hmac.digest(b'key', b'msg', 'md5').hex(), hmac.compare_digest('a', 'a'), hmac.compare_digest(b'a', b'b'), hmac.new(b'k' * 200, digestmod='sha512').hexdigest()[:20]
hmac.new(b'key', b'msg')
hmac.new('key', b'', 'md5')
hmac.compare_digest('é', 'é')
h = hmac.new(b'k', digestmod='sha1'); h.update(b'a'); c = h.copy(); c.update(b'b')
h.hexdigest(), c.hexdigest(), h.name, h.digest_size, h.block_size
hmac.new(b'k', b'', 'nothing')
