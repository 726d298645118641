SELECT id, kind, till, seq, receiver, keep, state, attempts, note, created, next, changed FROM message WHERE id = ?1
