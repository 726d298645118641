INSERT INTO unknown_code (code, grp, name, price, times, first_at, last_at)
VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)
ON CONFLICT (code) DO UPDATE
SET grp = excluded.grp, name = excluded.name, price = excluded.price, times = times + 1,
    last_at = excluded.last_at
