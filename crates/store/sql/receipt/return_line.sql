INSERT INTO returned (till, number, line, quantity) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (till, number, line) DO UPDATE SET quantity = quantity + excluded.quantity
