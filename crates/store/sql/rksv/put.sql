INSERT INTO rksv_code (seq, register, position, till, basket) VALUES (?1, ?2, ?3, ?4, ?5)
