import hashlib, hmac, random, uuid, zlib, binascii

for name in sorted(hashlib.algorithms_guaranteed & {"md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b", "blake2s"}):
    print(name, hashlib.new(name, b"fermata" * 1000).hexdigest())
print(hashlib.shake_128(b"x").hexdigest(10), hmac.new(b"key", b"message", "sha256").hexdigest())
print(hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 50).hex())
generator = random.Random(42)
print([generator.randrange(1000) for _ in range(8)], generator.random(), generator.sample(range(100), 5))
print(uuid.uuid5(uuid.NAMESPACE_DNS, "example.com"), zlib.adler32(b"fermata"), binascii.crc_hqx(b"fermata", 0))
