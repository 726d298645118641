SELECT id, kind, till, seq, receiver, keep, state, attempts, note, created, next, changed FROM message
WHERE state <> 'done' AND state = 'waiting' AND next <= ?1 AND kind = ?2
ORDER BY next, id
LIMIT ?3
