INSERT INTO entry_signature (entry, seq) VALUES (?1, ?2)
