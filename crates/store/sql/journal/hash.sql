SELECT hash FROM journal WHERE seq = ?1
