INSERT INTO item_day (date, item, quantity, amount) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (date, item) DO UPDATE
SET quantity = quantity + excluded.quantity, amount = amount + excluded.amount
