class Refused(Exception):
    pass


def inner(depth):
    if depth == 0:
        return {}["missing"]
    return inner(depth - 1)


print("before", flush=True)
try:
    inner(2)
except KeyError as error:
    raise Refused("no such thing") from error
