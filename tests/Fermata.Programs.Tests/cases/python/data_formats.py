import base64, csv, io, json, pickle, struct, tomllib, zlib
import xml.etree.ElementTree as ET

document = {"name": "Fermata", "numbers": [1, -2.5, 1e100, 12345678901234567890], "nested": {"null": None, "yes": True}, "text": "naïve 𝄐"}
print(json.dumps(document, indent=1, sort_keys=True))
print(json.loads(json.dumps(document)) == document)
try:
    json.loads('{"a": [1, 2,}')
except json.JSONDecodeError as error:
    print(error)

rows = list(csv.DictReader(io.StringIO('name,size\n"a, b",3\nc,4\n')))
print(rows)
print(tomllib.loads('title = "x"\n[owner]\ndate = 1979-05-27T07:32:00Z\n'))
root = ET.fromstring("<list><item id='1'>one</item><item id='2'/></list>")
print([(item.get("id"), item.text) for item in root.iter("item")], ET.tostring(root))
print(pickle.loads(pickle.dumps(document, protocol=5)) == document)
print(struct.pack("<ihqd", -1, 2, 1 << 40, 0.1).hex(), struct.unpack("<f", b"\0\0\x80\x3f"))
packed = zlib.compress(b"abc" * 10_000, 9)
print(len(packed), zlib.decompress(packed) == b"abc" * 10_000, hex(zlib.crc32(packed)))
print(base64.b64encode(bytes(range(20))).decode())
