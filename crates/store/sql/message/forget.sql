UPDATE message SET receiver = NULL, keep = 0 WHERE id = ?1 AND state <> 'waiting'
