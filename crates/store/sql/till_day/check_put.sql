INSERT INTO day_check (till, number, checked, state, records, verified, finding, proved, differs, unproved)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (till, number) DO UPDATE SET checked = excluded.checked, state = excluded.state,
    records = excluded.records, verified = excluded.verified, finding = excluded.finding,
    proved = excluded.proved, differs = excluded.differs, unproved = excluded.unproved
