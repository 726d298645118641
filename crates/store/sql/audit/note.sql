INSERT INTO audit_entry (kind, seq, at, subject) VALUES (?1, ?2, ?3, ?4)
