INSERT INTO configured (seq) VALUES (?1)
