SELECT id, version, details, term_days, max_owed, blocked, balance FROM customer WHERE id = ?1 AND forgotten = 0
