-- The last receipt of a till before an entry.
SELECT max(number) FROM receipt WHERE till = ?1 AND training = 0 AND seq < ?2
