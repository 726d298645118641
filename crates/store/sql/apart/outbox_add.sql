INSERT INTO outbox (kind, till, seq, body, state, attempts, note, created)
VALUES (?1, ?2, ?3, ?4, 'waiting', 0, '', ?5)
