import heapq
from heapq import *
h = [5, 1, 8, 3, 2]; heapify(h)
h, heappop(h), heappushpop(h, 0), heapreplace(h, 9), h, nlargest(2, h), nsmallest(3, ['bb', 'a', 'ccc'], key=len), list(merge([1, 4], [2, 3])), list(merge('db', 'ca', reverse=True)), nlargest(0, [1])
heappush(h, 'x')
heappop([])
heapify((1, 2))
import random
x = random.Random(1).sample(range(1000), 100); heapify(x)
[heappop(x) for _ in range(10)]
m = [3, 1, 2]; heapq.heapify_max(m)
m, heapq.heappop_max(m)
