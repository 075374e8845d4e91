import configparser, io
text = '''
[DEFAULT]
base = /srv
[one]
path: %(base)s/one
multi = a
  b

  c
empty
flag = yes
num = 0x10
; comment
[two]
path = ${one:path}
'''
c = configparser.ConfigParser(allow_no_value=True); c.read_string(text)
c.sections(), c['one']['path'], c['one']['multi'], c['one']['empty'], c.getboolean('one', 'flag'), c.get('one', 'x', fallback='f'), dict(c['two']), 'base' in c['one'], c.has_option('one', 'PATH'), c.defaults(), c.options('two'), c.items('two', raw=True)
c.getint('one', 'num')
c['three']
c.get('one', 'nope')
c.getboolean('one', 'multi')
e = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation(), allow_no_value=True); e.read_string(text.replace('%(base)s', '${base}'))
e['two']['path']
configparser.ConfigParser().read_string('a = 1')
configparser.ConfigParser().read_string('[a]\nx=1\nx=2')
configparser.ConfigParser().read_string('[a]\n[a]')
configparser.ConfigParser().read_string('[a]\nnonsense')
i = configparser.ConfigParser(); i.read_string('[a]\nx=%(y)s\nz=%(z)s\nq=%')
i['a']['x']
i['a']['z']
i['a']['q']
c['new'] = {'k': 'v', 'K2': '5'}; c.remove_section('one'); c.set('new', 'x', '1')
o = io.StringIO(); c.write(o, space_around_delimiters=False)
o.getvalue()
c.set('new', 'x', 1)
c.add_section('new')
c.read(['/nope.ini']), c.optionxform('ABC'), configparser.RawConfigParser(delimiters='=', comment_prefixes='#', inline_comment_prefixes=';', strict=False).read_string('[a]\nb = c ; d\nb = e') , repr(c['new'])
