INSERT INTO receipt (seq, till, training, number, at, date, day, person, basket, total, lines)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
