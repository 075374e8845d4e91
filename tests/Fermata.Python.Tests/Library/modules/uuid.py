import uuid
u = uuid.UUID('12345678-1234-5678-1234-567812345678')
u, u.hex, u.int, u.bytes[:4], u.fields, u.version, u.variant, u.urn, uuid.UUID('{12345678123456781234567812345678}') == u, uuid.uuid3(uuid.NAMESPACE_DNS, 'python.org'), uuid.uuid5(uuid.NAMESPACE_URL, 'x'), uuid.UUID(int=1), uuid.UUID(bytes=b'a' * 16), uuid.NIL, uuid.MAX
uuid.UUID('x')
uuid.UUID()
uuid.UUID(int=2 ** 128)
u.int = 1
uuid.uuid4().version, uuid.uuid1(1, 2).version, uuid.uuid7().version, uuid.uuid6(1, 2).version, uuid.uuid8(1, 2, 3), uuid.uuid4() != uuid.uuid4(), sorted([uuid.UUID(int=2), uuid.UUID(int=1)]), uuid.SafeUUID.unknown
