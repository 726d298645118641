INSERT INTO personal (person, kind, sealed) VALUES (?1, ?2, ?3)
ON CONFLICT (person, kind) DO UPDATE SET sealed = excluded.sealed
