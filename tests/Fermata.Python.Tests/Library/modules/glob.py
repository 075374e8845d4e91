import glob, os
os.makedirs('/tmp/gl/sub/.hid', exist_ok=True)
for n in ('a.txt', 'b.txt', 'sub/c.txt', '.h', 'sub/.hid/d', '[x]'): open('/tmp/gl/' + n, 'w').close()
sorted(glob.glob('/tmp/gl/*')), sorted(glob.glob('/tmp/gl/**', recursive=True)), sorted(glob.glob('/tmp/gl/**/*.txt', recursive=True)), glob.glob('/tmp/gl/[ab].txt') and sorted(glob.glob('/tmp/gl/[ab].txt')), glob.glob('/tmp/gl/?.txt') != [], glob.glob('/nope/*'), sorted(glob.glob('*.txt', root_dir='/tmp/gl')), sorted(glob.glob('/tmp/gl/**', recursive=True, include_hidden=True)), glob.escape('/a[b]*?'), glob.glob(glob.escape('/tmp/gl/[x]')), glob.has_magic('a*')
glob.translate('**/*.txt', recursive=True), sorted(glob.iglob(b'/tmp/gl/*.txt'))
