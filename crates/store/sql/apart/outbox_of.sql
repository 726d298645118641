SELECT id, kind, till, seq, body, state, attempts, note, created FROM outbox
WHERE state <> 'done' AND state = 'waiting' AND till = ?1
ORDER BY id
LIMIT ?2
