INSERT INTO attempt (id, till, terminal, basket, purpose, reverses, amount, state, asked, changed, person)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'intended', ?8, ?8, ?9)
