SELECT id, kind, till, seq, receiver, keep, state, attempts, note, created, next, changed FROM message
WHERE kind <> 'upload' OR state <> 'done'
ORDER BY state = 'done', id DESC
LIMIT ?1
