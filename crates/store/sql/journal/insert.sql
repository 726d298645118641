INSERT INTO journal (seq, hash, bytes) VALUES (?1, ?2, ?3)
