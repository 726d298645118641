INSERT INTO personal_key (person, key) VALUES (?1, ?2)
ON CONFLICT (person) DO UPDATE SET key = excluded.key
