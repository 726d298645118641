SELECT id, coalesce(paid, amount), state FROM transfer WHERE reference = ?1
