SELECT token_hash, person, till, kind, created, seen FROM session ORDER BY token_hash
