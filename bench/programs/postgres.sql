CREATE TABLE t AS SELECT i AS id, i * 7919 % 10007 AS number, to_hex(i * 31 % 9973) AS word FROM generate_series(1, 20000) AS i;
CREATE INDEX t_word ON t (word);
SELECT (sum(rank * a.number * length(b.word)) % 16777216 + (SELECT sum(length(word)) FROM inserted))::bigint
FROM (SELECT number, word, row_number() OVER (ORDER BY word, number) AS rank FROM t) AS a JOIN t AS b ON b.word = a.word;
