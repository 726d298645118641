INSERT INTO till_record (seq, till, day) VALUES (?1, ?2, ?3)
