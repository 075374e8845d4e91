CREATE TABLE t (id INTEGER PRIMARY KEY, number INTEGER, word TEXT);
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i, i * 7919 % 10007, printf('%x', i * 31 % 9973) FROM n;
CREATE INDEX t_word ON t (word);
UPDATE t SET number = number + 1 WHERE id % 3 = 0;
DELETE FROM t WHERE id % 5 = 0;
CREATE TABLE s AS SELECT word, count(*) AS times, sum(number) AS total FROM t GROUP BY word ORDER BY total DESC, word;
SELECT sum(a.number * length(a.word) + s.times) % 16777216 FROM t a JOIN s ON s.word = a.word WHERE a.number % 2 = 0;
DROP TABLE s;
DROP TABLE t;
