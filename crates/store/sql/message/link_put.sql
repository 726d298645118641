INSERT INTO receipt_link (seq, id, key, made, until) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (seq) DO UPDATE SET id = excluded.id, key = excluded.key, made = excluded.made, until = excluded.until
