import glob, os, pathlib, shutil, stat, tempfile

os.chdir("/scratch")
os.makedirs("a/b/c")
for name in ("a/one.txt", "a/b/two.txt", "a/b/c/three.txt"):
    pathlib.Path(name).write_text(name * 3)
for folder, folders, files in sorted(os.walk("a")):
    print(folder, sorted(folders), sorted(files))
print(sorted(glob.glob("a/**/*.txt", recursive=True)))
shutil.copytree("a", "copy")
shutil.move("copy/b", "moved")
print(sorted(os.listdir("copy")), sorted(os.listdir("moved")))
with open("data", "wb+") as file:
    file.write(b"0123456789")
    file.seek(-4, os.SEEK_END)
    print(file.read(2), file.tell())
    file.truncate(3)
    file.seek(100)
    file.write(b"x")
print(os.path.getsize("data"), open("data", "rb").read(5))
with open("data", "ab") as file:
    file.write(b"end")
print(open("data", "rb").read()[-4:], stat.S_ISREG(os.stat("data").st_mode), stat.S_ISDIR(os.stat("a").st_mode))
os.utime("data", (1_000_000_000, 1_234_567_890))
print(os.stat("data").st_mtime)
os.symlink("data", "link")
print(os.readlink("link"), os.path.islink("link"), os.path.getsize("link"), os.lstat("link").st_size)
os.link("data", "hard")
print(os.path.samefile("data", "hard"))
os.replace("hard", "data2")
for attempt in (lambda: open("missing"), lambda: os.mkdir("a"), lambda: os.rmdir("a"), lambda: open("a"), lambda: os.listdir("data"),
                lambda: open("a/one.txt/x"), lambda: open("../../etc/passwd"), lambda: os.rename("missing", "x"), lambda: open("data", "x")):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error.errno, error)
with tempfile.TemporaryDirectory(dir="/scratch") as folder:
    print(os.path.isdir(folder))
with os.scandir("a") as entries:
    print(sorted((entry.name, entry.is_dir(), entry.is_file()) for entry in entries))
shutil.rmtree("a")
print(sorted(os.listdir(".")))
