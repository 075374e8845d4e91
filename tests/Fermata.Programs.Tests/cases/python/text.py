import re, textwrap, unicodedata, difflib, string

print(re.findall(r"(?P<word>\b\w+)@(\w+\.)+com", "ann@example.com, bob@mail.example.com"))
print(re.sub(r"(\d+)", lambda match: str(int(match[1]) * 2), "3 blind mice, 4 and 20"))
print(re.split(r"\s*[,;]\s*", "a , b;c ;  d"))
print(re.fullmatch(r"(a+)+b", "a" * 18 + "c"))
print(re.search(r"(?<=-)\w+(?!x)", "spam-egg").group(), re.compile(r"ÄÖ", re.I).match("äö").span())
try:
    re.compile("(unclosed")
except re.error as error:
    print(error)
print(textwrap.fill("The quick brown fox jumps over the lazy dog. " * 3, 40))
print(unicodedata.name("𝄐"), unicodedata.normalize("NFD", "é").encode(), "straße".upper(), "İ".lower().encode())
print("\n".join(difflib.unified_diff("a b c d".split(), "a x c d e".split(), lineterm="")))
print(f"{1234567.891:,.2f} {255:#x} {'mid':^9}| {3.0!r} {1e22} {0.1 + 0.2}", string.Template("$who is $$1").substitute(who="it"))
