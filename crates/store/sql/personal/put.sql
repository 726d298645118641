INSERT INTO personal (subject, kind, sealed) VALUES (?1, ?2, ?3)
ON CONFLICT (subject, kind) DO UPDATE SET sealed = excluded.sealed
