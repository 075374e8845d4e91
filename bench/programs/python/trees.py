# A tree of objects that are found by methods, walked by generators, and compared by a method of theirs.
class Key:
    __slots__ = ('value',)

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value


class Node:
    def __init__(self, key):
        self.key = key
        self.left = self.right = None

    def insert(self, key):
        side = 'left' if key < self.key else 'right'
        child = getattr(self, side)
        if child is None:
            setattr(self, side, Node(key))
        else:
            child.insert(key)

    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.key
        if self.right is not None:
            yield from self.right


def work():
    seed = 1
    root = Node(Key(1 << 15))
    for _ in range(1500):
        seed = (seed * 16807) % 2147483647
        root.insert(Key(seed & 0xFFFF))
    checksum = 0
    for position, key in enumerate(root):
        checksum = (checksum * 31 + position * key.value) & 0xFFFFFF
    return checksum
