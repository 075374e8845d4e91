# Five bodies that attract each other: numbers with fractions, in attributes of objects.
class Body:
    def __init__(self, mass, *state):
        self.mass = mass
        self.x, self.y, self.z, self.vx, self.vy, self.vz = state


def work():
    bodies = [Body(40.0 if i == 0 else 0.01 * i, 3.0 * i, 1.0 + i, 0.5 * i, 0.1 * i, 2.0 / (i + 1), 0.05) for i in range(5)]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    for _ in range(1000):
        move(bodies, pairs, 0.001)
    return int(energy(bodies, pairs) * 1e6)


def move(bodies, pairs, step):
    for a, b in pairs:
        dx = a.x - b.x
        dy = a.y - b.y
        dz = a.z - b.z
        force = step * (dx * dx + dy * dy + dz * dz) ** -1.5
        ma = a.mass * force
        mb = b.mass * force
        a.vx -= dx * mb
        a.vy -= dy * mb
        a.vz -= dz * mb
        b.vx += dx * ma
        b.vy += dy * ma
        b.vz += dz * ma
    for body in bodies:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def energy(bodies, pairs):
    sum = 0.0
    for body in bodies:
        sum += 0.5 * body.mass * (body.vx ** 2 + body.vy ** 2 + body.vz ** 2)
    for a, b in pairs:
        sum -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5
    return sum
