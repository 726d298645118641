INSERT INTO customer (id, version, details, term_days, max_owed, blocked, forgotten, balance)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, details = excluded.details,
    term_days = excluded.term_days, max_owed = excluded.max_owed, blocked = excluded.blocked
