import pathlib
from pathlib import *
p = PurePosixPath('/usr/lib/python3.14/site.tar.gz')
p.parts, p.parent, list(p.parents), p.name, p.stem, p.suffix, p.suffixes, p.root, p.anchor, p.is_absolute(), p.as_uri(), p.relative_to('/usr'), p.with_name('x'), p.with_suffix('.b'), p.with_stem('q'), p / 'a' / '/b', p.joinpath('c', 'd'), p.match('*.gz'), p.full_match('/usr/**/*.gz'), p.is_relative_to('/usr'), p.relative_to('/usr/bin', walk_up=True)
p.relative_to('/etc')
p.with_suffix('x')
p.with_name('')
PureWindowsPath('c:/a\\b/../c.txt').parts, PureWindowsPath('C:\\A') == PureWindowsPath('c:/a'), PureWindowsPath('//srv/share/x').drive, PureWindowsPath('a').as_posix(), repr(PurePath('a')), PurePosixPath('a//b/./c'), PurePosixPath('..') , hash(PurePosixPath('a')) == hash(PurePosixPath('a/')), sorted([PurePosixPath('b'), PurePosixPath('a')])
d = Path('/tmp/pl'); d.mkdir(); (d / 'sub').mkdir()
d.mkdir()
(d / 'x' / 'y').mkdir()
(d / 'a.txt').write_text('héllo\n', encoding='utf-8'), (d / 'b.bin').write_bytes(b'\0\1'), (d / 'sub' / 'c.txt').touch()
(d / 'a.txt').read_text(encoding='utf-8'), (d / 'b.bin').read_bytes(), (d / 'a.txt').stat().st_size, (d / 'a.txt').exists(), d.is_dir(), (d / 'sub').is_file(), sorted(x.name for x in d.iterdir()), sorted(map(str, d.glob('*.txt'))), sorted(map(str, d.rglob('*.txt'))), sorted(map(str, d.glob('**/*'))), [(str(a), sorted(b), sorted(c)) for a, b, c in d.walk()]
(d / 'nope').read_text()
(d / 'sub').rmdir()
(d / 'a.txt').rename(d / 'z.txt'), (d / 'z.txt').replace(d / 'y.txt'), (d / 'y.txt').unlink(), (d / 'y.txt').unlink(missing_ok=True)
(d / 'y.txt').unlink()
(d / 'ln').symlink_to('b.bin'), (d / 'ln').is_symlink(), (d / 'ln').readlink(), (d / 'ln').resolve(), Path('~').expanduser(), Path('x').absolute(), Path('.').resolve(), Path.home(), Path('/tmp/pl/../q').resolve()
(d / 'b.bin').chmod(0o600), oct((d / 'b.bin').stat().st_mode), (d / 'b.bin').samefile(d / 'ln'), (d / 'b.bin').copy(d / 'copied'), (d / 'copied').read_bytes(), (d / 'copied').move(d / 'sub' / 'moved'), (d / 'sub' / 'moved').info.exists()
Path('/tmp/pl/../../etc').resolve(), Path.cwd(), Path.from_uri('file:///a%20b'), isinstance(Path('a'), PosixPath)
WindowsPath('a')
with (d / 'w').open('w') as f: f.write('x')
(d / 'w').read_text(), (d / 'w').owner() if False else None
