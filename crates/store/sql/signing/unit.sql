INSERT INTO signing_unit (serial, seq) VALUES (?1, ?2) ON CONFLICT (serial) DO UPDATE SET seq = excluded.seq
