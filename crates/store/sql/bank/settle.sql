UPDATE bank_message SET waits = 0, reason = ?2, settled = ?3 WHERE id = ?1
