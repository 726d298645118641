INSERT INTO personal_key (subject, key) VALUES (?1, ?2)
ON CONFLICT (subject) DO UPDATE SET key = excluded.key
