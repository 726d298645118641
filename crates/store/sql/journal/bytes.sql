SELECT bytes FROM journal WHERE seq = ?1
