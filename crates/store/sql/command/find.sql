SELECT first, last, fingerprint FROM command WHERE id = ?1
