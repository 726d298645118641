-- The settings that held when an entry was made.
SELECT bytes FROM journal
WHERE seq = (SELECT max(seq) FROM configured WHERE seq < ?1)
