SELECT seq, hash, bytes FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2
