import sqlite3

with sqlite3.connect("/scratch/data.db") as connection:
    connection.execute("create table city (name text primary key, people integer)")
    connection.executemany("insert into city values (?, ?)", [("Bern", 134_000), ("Ulm", 126_000), ("Gent", 265_000)])
connection.close()
connection = sqlite3.connect("/scratch/data.db")
connection.create_function("shout", 1, lambda text: text.upper() + "!")
print(connection.execute("select shout(name), people from city order by people").fetchall())
print(connection.execute("with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select sum(i * i) from n").fetchone())
try:
    connection.execute("insert into city values ('Bern', 0)")
except sqlite3.IntegrityError as error:
    print(error)
connection.rollback()
try:
    with connection:
        connection.execute("delete from city")
        raise KeyError("stop")
except KeyError:
    pass
print(connection.execute("select count(*) from city").fetchone(), sqlite3.sqlite_version)
