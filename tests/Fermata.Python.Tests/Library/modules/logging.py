import logging, io, logging.handlers, logging.config
o = io.StringIO(); h = logging.StreamHandler(o); h.setFormatter(logging.Formatter('%(levelname)s:%(name)s:%(funcName)s:%(message)s'))
log = logging.getLogger('a.b'); log.addHandler(h); log.setLevel(logging.INFO); log.propagate = False
def f():
    log.debug('no'); log.info('yes %d %s', 1, 'x'); log.warning({'a': 1}); log.error('%(k)s', {'k': 'v'})
    try: 1 / 0
    except ZeroDivisionError: log.exception('caught')
f()
o.getvalue().splitlines()[:5], o.getvalue().splitlines()[-1], log, log.parent, log.getEffectiveLevel(), log.isEnabledFor(10), logging.getLevelName(35), logging.getLevelName('INFO'), logging.getLogger('a.b') is log, log.getChild('c').name
log.setLevel('NOPE')
log.info('%d', 'x')
o.truncate(0); o.seek(0); h.setFormatter(logging.Formatter('{asctime} {message!r}', '%Y', style='{')); r = logging.LogRecord('n', 20, 'p.py', 5, 'm %s', ('x',), None); r.created = 0
h.format(r), r.getMessage(), r, logging.Formatter('%(created)f', style='%').format(r)
logging.Formatter('{x', style='{')
m = logging.handlers.MemoryHandler(10, target=h); m.emit(r); m.flush()
o.getvalue(), logging.LoggerAdapter(log, {'k': 1}).process('m', {}), logging.Filter('a').filter(logging.LogRecord('a.b', 1, '', 1, '', (), None)), logging.makeLogRecord({'msg': 'q'}).msg
logging.addLevelName(15, 'FINE'); logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False, 'formatters': {'f': {'format': '%(message)s!'}}, 'handlers': {'h': {'class': 'logging.FileHandler', 'filename': '/tmp/log.txt', 'formatter': 'f', 'mode': 'w'}}, 'loggers': {'cfg': {'handlers': ['h'], 'level': 'FINE', 'propagate': False}}})
logging.getLogger('cfg').log(15, 'to file'), open('/tmp/log.txt').read(), logging.getLevelNamesMapping()['FINE']
logging.config.dictConfig({'version': 2})
rot = logging.handlers.RotatingFileHandler('/tmp/rot.log', maxBytes=20, backupCount=1); [rot.emit(logging.makeLogRecord({'msg': 'x' * 15})) for _ in range(2)]
open('/tmp/rot.log.1').read(), rot.close()
