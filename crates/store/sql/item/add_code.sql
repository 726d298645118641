INSERT INTO item_code (code, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING
