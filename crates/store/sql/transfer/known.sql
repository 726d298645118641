SELECT id, amount, state FROM transfer WHERE reference = ?1
