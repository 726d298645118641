INSERT INTO stock_movement (seq, item, kind, quantity, counted, reason, person, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
