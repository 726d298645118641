INSERT INTO session (token_hash, person, till, kind, created, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (token_hash) DO UPDATE
SET person = excluded.person, till = excluded.till, kind = excluded.kind, seen = excluded.seen
