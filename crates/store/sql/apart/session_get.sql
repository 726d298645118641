SELECT token_hash, person, till, kind, created, seen FROM session WHERE token_hash = ?1
