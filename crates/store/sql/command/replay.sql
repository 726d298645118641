INSERT INTO command (id, first, last, fingerprint) VALUES (?1, ?2, ?2, NULL)
ON CONFLICT (id) DO UPDATE SET last = excluded.last
