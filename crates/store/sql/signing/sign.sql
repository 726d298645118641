INSERT INTO signature (basket, seq) VALUES (?1, ?2)
