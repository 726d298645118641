INSERT INTO incarnation (number, first) VALUES (?1, ?2)
