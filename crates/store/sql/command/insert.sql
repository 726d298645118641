INSERT INTO command (id, first, last, fingerprint) VALUES (?1, ?2, ?3, ?4)
