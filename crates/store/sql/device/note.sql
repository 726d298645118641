INSERT INTO device_entry (terminal, seq) VALUES (?1, ?2)
