UPDATE transfer SET state = 'paid', changed = ?2, message = ?3 WHERE id = ?1
