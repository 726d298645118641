SELECT id, kind, till, seq, body, state, attempts, note, created FROM outbox
WHERE id = ?1
