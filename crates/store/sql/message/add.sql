INSERT INTO message (kind, till, seq, receiver, keep, state, attempts, note, created, next, changed)
VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0, '', ?6, ?6, ?6)
