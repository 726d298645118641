UPDATE attempt SET state = ?2, code = ?3, changed = ?4 WHERE id = ?1
