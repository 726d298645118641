INSERT INTO anchor (why, seq, hash) VALUES (?1, ?2, ?3)
ON CONFLICT (why) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
