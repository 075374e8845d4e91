import sqlite3
c = sqlite3.connect(':memory:')
c.executescript('create table t(a integer primary key, b text, c real, d blob); create index i on t(b);')
c.executemany('insert into t(b, c, d) values (?, ?, ?)', [('x', 1.5, b'\0'), ('é', None, None), (None, -1e300, b'')]).rowcount
c.execute('select * from t order by a').fetchall(), c.execute('select count(*), sum(c), group_concat(b) from t').fetchone(), c.total_changes, c.execute('insert into t(b) values (:v) returning a', {'v': 'q'}).fetchone(), c.in_transaction
c.execute('select * from nope')
c.execute('insert into t(a) values (1)')
c.execute('select ?', (1, 2))
c.execute('select :a', {})
c.execute('select 1; select 2')
c.execute('select ?', (object(),))
c.execute('syntax error')
c.row_factory = sqlite3.Row
r = c.execute('select a, b as name from t').fetchone()
r['name'], r.keys(), tuple(r), len(r)
r['nope']
c.create_function('twice', 1, lambda x: x * 2); c.create_aggregate('cat', 1, type('Cat', (), {'__init__': lambda s: setattr(s, 'l', []), 'step': lambda s, x: s.l.append(x), 'finalize': lambda s: str(s.l)})); c.create_collation('rev', lambda a, b: (a < b) - (a > b))
c.row_factory = None
c.execute('select twice(21), cat(a) from t').fetchone(), c.execute("select b from t where b not null order by b collate rev").fetchall(), c.execute("select json_extract('{\"a\": [1, 2]}', '$.a[1]')").fetchone(), c.execute('with recursive n(x) as (select 1 union all select x + 1 from n where x < 5) select sum(x) from n').fetchone(), c.execute('select row_number() over (order by a desc) from t').fetchall()
c.create_function('bad', 0, lambda: 1 / 0); c.execute('select bad()').fetchone()
with c: c.execute('delete from t where a = 1')
c.rollback(), c.execute('select count(*) from t').fetchone(), list(c.iterdump())[:3], c.execute('pragma table_info(t)').fetchall()[0]
with c: c.execute("insert into t(b) values ('gone')"); raise KeyError
c.execute("select count(*) from t where b = 'gone'").fetchone()
f = sqlite3.connect('/tmp/test.db'); c.backup(f); f.commit(); f.close()
f = sqlite3.connect('/tmp/test.db'); f.execute('select count(*) from t').fetchone(), f.execute('pragma journal_mode').fetchone(), f.execute('pragma integrity_check').fetchone()
f.close(); f.execute('select 1')
b = c.blobopen('t', 'd', 3, readonly=True) if False else None
sqlite3.connect('/nope/x.db')
sqlite3.connect('/tmp/test.db', isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES).execute("create table if not exists k(x)").fetchall(), sqlite3.complete_statement('select 1;'), sqlite3.threadsafety, sqlite3.apilevel, sqlite3.sqlite_version, c.serialize()[:15], c.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
c.set_authorizer(lambda *a: sqlite3.SQLITE_DENY); c.execute('select 1')
