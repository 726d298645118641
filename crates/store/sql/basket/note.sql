INSERT INTO basket_entry (basket, seq) VALUES (?1, ?2)
