INSERT INTO refunded (till, number, tender, amount) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (till, number, tender) DO UPDATE SET amount = amount + excluded.amount
