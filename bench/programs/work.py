# A function that works for some time, and has a checksum.
class Account:
    def __init__(self, number):
        self.number = number
        self.balance = 0

    def move(self, amount):
        self.balance += amount
        return self.balance


def work():
    accounts = [Account(i) for i in range(100)]
    checksum = 0
    for i in range(20000):
        checksum = (checksum * 31 + accounts[i * 7 % 100].move(i & 15)) & 0xFFFFFF
    words = {}
    for i in range(10000):
        word = "w%d" % (i * i % 997)
        words[word] = words.get(word, 0) + 1
    text = " ".join(sorted(words, key=lambda word: (words[word], word)))
    for part in text.split(" "):
        checksum = (checksum * 31 + len(part) + ord(part[-1])) & 0xFFFFFF
    numbers = [float(i % 101) for i in range(5000)]
    for step in range(5):
        numbers = [x * 0.5 + numbers[i - 1] for i, x in enumerate(numbers)]
    return (checksum + int(sum(numbers))) & 0xFFFFFF
