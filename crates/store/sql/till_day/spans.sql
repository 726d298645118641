SELECT day, min(seq), max(seq) FROM till_record WHERE till = ?1 AND day IS NOT NULL AND day <= ?2
GROUP BY day HAVING count(*) > 1 ORDER BY day
