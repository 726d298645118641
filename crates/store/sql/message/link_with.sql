SELECT seq, id, key, made, until FROM receipt_link WHERE id = ?1
