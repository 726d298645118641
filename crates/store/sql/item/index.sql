INSERT INTO item_search (rowid, text) VALUES (?1, ?2)
