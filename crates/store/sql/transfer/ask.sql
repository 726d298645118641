INSERT INTO transfer (id, reference, till, basket, amount, state, reason, asked, changed, person)
VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', '', ?6, ?6, ?7)
