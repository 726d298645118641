UPDATE terminal_day SET state = ?2, body = ?3 WHERE id = ?1
