# Permutations, turned over until the first is in its place: lists and small numbers.
def work():
    return fannkuch(7)


def fannkuch(n):
    permutation = list(range(n))
    count = [0] * n
    checksum = most = number = 0
    r = n
    while True:
        while r > 1:
            count[r - 1] = r
            r -= 1
        turned = permutation[:]
        flips = 0
        first = turned[0]
        while first:
            turned[:first + 1] = turned[first::-1]
            flips += 1
            first = turned[0]
        most = max(most, flips)
        checksum += -flips if number & 1 else flips
        number += 1
        while True:
            if r == n:
                return checksum * 100 + most
            permutation.insert(r, permutation.pop(0))
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
