-- In the order of the primary key, so by item; an ORDER BY would have SQLite prepare this anew each time.
SELECT item FROM item_code WHERE code = ?1
