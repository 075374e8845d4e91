import os, os.path
from os.path import *
join('a', 'b', '/c', 'd'), join('a', ''), split('/a/b/'), splitext('a.tar.gz'), splitext('.bashrc'), basename('/a/b'), dirname('/a/b'), normpath('/a/./b/../../../c//d'), normpath('//a'), abspath('x/../y'), relpath('/a/b/c', '/a/d'), commonpath(['/a/b', '/a/c/d']), commonprefix(['/usr/lib', '/usr/local']), isabs('/a'), splitdrive('c:/a'), splitroot('//a/b'), expanduser('~/x'), expandvars('$HOME/${NOPE}x'), normcase('A')
join(1, 'a')
join('a', b'b')
commonpath(['/a', 'b'])
commonpath([])
relpath('')
os.makedirs('/tmp/osp/a/b', exist_ok=True); open('/tmp/osp/f', 'w').write('12345')
os.makedirs('/tmp/osp/a')
exists('/tmp/osp/f'), isdir('/tmp/osp'), isfile('/tmp/osp'), getsize('/tmp/osp/f'), lexists('/tmp/nope'), ismount('/'), samefile('/tmp/osp', '/tmp/osp/a/..')
getsize('/tmp/nope')
os.symlink('f', '/tmp/osp/l'); os.symlink('nowhere', '/tmp/osp/dangling'); os.symlink('loop', '/tmp/osp/loop')
islink('/tmp/osp/l'), realpath('/tmp/osp/l'), exists('/tmp/osp/dangling'), lexists('/tmp/osp/dangling'), os.readlink('/tmp/osp/l'), realpath('/tmp/osp/dangling')
open('/tmp/osp/loop')
realpath('/tmp/osp/loop', strict=True)
os.readlink('/tmp/osp/f')
sorted(os.listdir('/tmp/osp')), [(e.name, e.is_dir(), e.is_symlink()) for e in sorted(os.scandir('/tmp/osp'), key=lambda e: e.name)], [(r, sorted(d), sorted(f)) for r, d, f in os.walk('/tmp/osp')]
os.listdir('/tmp/osp/f')
os.rename('/tmp/osp/f', '/tmp/osp/g'), exists('/tmp/osp/f'), os.stat('/tmp/osp/g').st_size, os.replace('/tmp/osp/g', '/tmp/osp/a/g')
os.rename('/tmp/nope', '/tmp/x')
os.rmdir('/tmp/osp/a')
os.remove('/tmp/osp/a')
os.mkdir('/tmp/nope/x')
os.remove('/tmp/nope')
os.chmod('/tmp/osp/a/g', 0o640), oct(os.stat('/tmp/osp/a/g').st_mode), os.utime('/tmp/osp/a/g', (1000, 2000.5)), os.stat('/tmp/osp/a/g').st_mtime, os.access('/tmp/osp/a/g', os.R_OK), os.access('/tmp/nope', os.F_OK), os.truncate('/tmp/osp/a/g', 2), getsize('/tmp/osp/a/g'), os.link('/tmp/osp/a/g', '/tmp/osp/hard') if False else None
fd = os.open('/tmp/osp/fd', os.O_RDWR | os.O_CREAT | os.O_EXCL)
os.write(fd, b'hello'), os.lseek(fd, 1, os.SEEK_SET), os.read(fd, 2), os.fstat(fd).st_size, os.ftruncate(fd, 3), os.pread(fd, 10, 0), os.pwrite(fd, b'X', 0), os.isatty(fd), os.dup(fd) > fd, os.close(fd)
os.read(fd, 1)
os.open('/tmp/osp/fd', os.O_CREAT | os.O_EXCL)
r, w = os.pipe()
os.write(w, b'pipe'), os.read(r, 10), os.close(w), os.read(r, 10), os.close(r)
os.environ.get('HOME'), os.getenv('NOPE', 'd'), os.sep, os.linesep, os.name, os.curdir, os.extsep, os.devnull, os.getcwd()
os.environ['X'] = 'y'; os.putenv('Z', '1')
os.environ['X'], os.environ.pop('X'), 'X' in os.environ
os.environ['NOPE']
os.environ['A'] = 1
os.environ['A=B'] = ''
os.chdir('/tmp/osp'); here = os.getcwd(); os.chdir('/home')
here
os.chdir('/tmp/nope')
os.fsencode('é'), os.fsdecode(b'\xff'), os.fspath('a'), os.strerror(2), os.get_terminal_size((80, 24)) if False else None, os.cpu_count(), len(os.urandom(5)), (os.umask(0o22), os.umask(0o22))[1]
os.fspath(1)
os.getpid() > 0, os.getuid(), os.uname().sysname, os.uname().machine, os.times()[0] >= 0, os.getppid() >= 0, os.path.supports_unicode_filenames
os.fork()
os.system('exit 3')
os.kill(os.getpid(), 0)
os.execv('/bin/ls', ['ls'])
os.statvfs('/tmp').f_bsize > 0, os.path.lexists('/dev/null'), open('/dev/null').read(), open('/dev/zero', 'rb').read(2), os.listdir('/tmp/osp/a')
os.getlogin()
import errno
errno.ENOENT, errno.errorcode[errno.EACCES], errno.EAGAIN
