print([n * n for n in range(5)], "a-b".split("-"))
raise SystemExit(7)
