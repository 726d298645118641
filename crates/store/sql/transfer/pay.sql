UPDATE transfer
SET state = ?2, changed = ?3, paid = ?4, message = ?5, confirmed = ?6, reason = ?7
WHERE id = ?1
