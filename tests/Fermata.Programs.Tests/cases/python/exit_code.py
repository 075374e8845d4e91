import atexit, sys

atexit.register(print, "at exit")
try:
    print("leaving")
    sys.exit(3)
finally:
    print("finally", file=sys.stderr)
