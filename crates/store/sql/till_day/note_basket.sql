INSERT INTO basket_record (basket, seq, till) VALUES (?1, ?2, ?3)
