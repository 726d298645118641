INSERT INTO hour_sales (date, hour, till, receipts, amount) VALUES (?1, ?2, ?3, 1, ?4)
ON CONFLICT (date, hour, till) DO UPDATE
SET receipts = receipts + 1, amount = amount + excluded.amount
