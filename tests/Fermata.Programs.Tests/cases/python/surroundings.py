import os, platform, sys, time

print(sys.argv, sys.platform, platform.python_version(), sys.byteorder, sys.maxsize)
print(os.environ.get("GREETING"), sorted(os.environ), os.getenv("PATH"), os.getcwd())
print(repr(sys.stdin.read()), sys.stdin.isatty(), sys.stdout.isatty(), sys.getfilesystemencoding())
print(time.time() > 1_700_000_000, time.gmtime(0)[:6], len(os.urandom(16)), time.perf_counter_ns() > 0)
for attempt in (os.getpid, lambda: os.kill(1, 9), lambda: os.system("ls"), lambda: __import__("subprocess").run(["ls"])):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
