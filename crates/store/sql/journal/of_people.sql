-- A quote inside of a text is written \", so only the kind itself can look like this.
SELECT bytes FROM journal
WHERE instr(bytes, ',"kind":"person_') > 0 OR instr(bytes, ',"kind":"customer_') > 0
ORDER BY seq
