INSERT INTO invoice (seq, till, number, customer, version) VALUES (?1, ?2, ?3, ?4, ?5)
