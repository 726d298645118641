SELECT id, kind, till, seq, receiver, keep, state, attempts, note, created, next, changed FROM message WHERE seq = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1
