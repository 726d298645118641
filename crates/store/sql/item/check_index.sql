INSERT INTO item_search (item_search) VALUES ('integrity-check')
