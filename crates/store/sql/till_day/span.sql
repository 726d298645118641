SELECT min(seq), max(seq) FROM till_record WHERE till = ?1 AND day = ?2 HAVING count(*) > 1
