INSERT INTO slip (number, till, receipt) VALUES (?1, ?2, ?3)
ON CONFLICT (number) DO NOTHING
