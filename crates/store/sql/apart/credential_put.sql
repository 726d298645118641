INSERT INTO credential (person, kind, hash) VALUES (?1, ?2, ?3)
ON CONFLICT (person, kind) DO UPDATE SET hash = excluded.hash
