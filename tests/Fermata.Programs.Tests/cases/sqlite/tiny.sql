select 6 * 7, upper('a');
