from graphlib import *
list(TopologicalSorter({'d': ['b', 'c'], 'b': ['a'], 'c': ['a']}).static_order())
t = TopologicalSorter({1: [2]}); t.prepare()
t.get_ready(), t.done(2), t.get_ready(), t.is_active()
TopologicalSorter({1: [2], 2: [1]}).prepare()
t.done(9)
