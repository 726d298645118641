INSERT INTO attempt_step (seq, attempt) VALUES (?1, ?2)
