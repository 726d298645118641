UPDATE outbox SET state = ?2, note = ?3, attempts = attempts + ?4 WHERE id = ?1
