-- A day's records in the journal's order.
SELECT seq FROM receipt WHERE till = ?1 AND seq BETWEEN ?2 AND ?3
UNION ALL
SELECT seq FROM till_record WHERE till = ?1 AND seq BETWEEN ?2 AND ?3
ORDER BY 1
