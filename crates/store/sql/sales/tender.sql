INSERT INTO tender_day (date, kind, count, amount) VALUES (?1, ?2, 1, ?3)
ON CONFLICT (date, kind) DO UPDATE SET count = count + 1, amount = amount + excluded.amount
