create table city (name text primary key, people integer, country text);
insert into city values ('Bern', 134000, 'CH'), ('Ulm', 126000, 'DE'), ('Gent', 265000, 'BE'), ('Bonn', 336000, 'DE');
.tables
.schema city
.headers on
.mode column
select country, count(*) as n, sum(people) as people from city group by country order by country;
with recursive queens(n) as (select 1 union all select n + 1 from queens where n < 100) select sum(n * n) as squares from queens;
.mode csv
select name, rank() over (order by people desc) as place from city order by name;
.mode line
select upper(name) as name, people * 1.0 / 3 as third, typeof(people), hex(name), printf('%08.3f', 3.14159) from city where name like 'b%';
.mode list
select nothing, 1 as one from city;
begin; delete from city; rollback;
select count(*) from city;
select group_concat(name, '; ') from (select name from city order by name);
explain query plan select * from city where name = 'Ulm';
.show
