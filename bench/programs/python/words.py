# Text: formatted, split, counted in a dictionary, sorted by a function, joined.
def work():
    lines = [f'{i * 7919 % 1009:04d} item-{i % 37} of "{chr(97 + i % 26) * (i % 5 + 1)}"' for i in range(4000)]
    counts = {}
    for line in lines:
        for word in line.replace('"', '').split(' '):
            counts[word] = counts.get(word, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    text = ', '.join(f'{word}: {count}' for word, count in ordered)
    checksum = 0
    for letter in text:
        checksum = (checksum * 31 + ord(letter)) & 0xFFFFFF
    return checksum
