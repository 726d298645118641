SELECT id, kind, till, seq, body, state, attempts, note, created FROM outbox
WHERE state <> 'done'
ORDER BY id DESC
LIMIT ?1
