import shutil, os, io
os.makedirs('/tmp/sh/a/b'); open('/tmp/sh/a/f', 'w').write('data'); open('/tmp/sh/a/b/g', 'w').write('more')
shutil.copy('/tmp/sh/a/f', '/tmp/sh/copy'), shutil.copyfile('/tmp/sh/a/f', '/tmp/sh/cf'), shutil.copy2('/tmp/sh/a/f', '/tmp/sh/a/b'), open('/tmp/sh/copy').read()
shutil.copyfile('/tmp/sh/a/f', '/tmp/sh/a/f')
shutil.copyfile('/tmp/sh', '/tmp/x')
shutil.copytree('/tmp/sh/a', '/tmp/sh/tree', ignore=shutil.ignore_patterns('g')), sorted(os.listdir('/tmp/sh/tree')), os.listdir('/tmp/sh/tree/b')
shutil.copytree('/tmp/sh/a', '/tmp/sh/tree')
shutil.move('/tmp/sh/tree', '/tmp/sh/moved'), shutil.rmtree('/tmp/sh/moved'), os.path.exists('/tmp/sh/moved')
shutil.rmtree('/tmp/nope')
shutil.rmtree('/tmp/nope', ignore_errors=True), shutil.which('python'), shutil.get_terminal_size().columns, [f[0] for f in shutil.get_archive_formats()]
os.path.basename(shutil.make_archive('/tmp/sh/arc', 'zip', '/tmp/sh/a')), os.path.basename(shutil.make_archive('/tmp/sh/arc', 'gztar', '/tmp/sh/a')), shutil.unpack_archive('/tmp/sh/arc.zip', '/tmp/sh/un'), sorted(os.listdir('/tmp/sh/un')), shutil.unpack_archive('/tmp/sh/arc.tar.gz', '/tmp/sh/un2', filter='data'), open('/tmp/sh/un2/b/g').read()
shutil.make_archive('/tmp/x', 'rar')
shutil.unpack_archive('/tmp/sh/copy', '/tmp/x')
a = io.BytesIO(b'x' * 100); b = io.BytesIO(); shutil.copyfileobj(a, b, 7)
len(b.getvalue()), shutil.disk_usage('/tmp').total > 0, shutil.chown
