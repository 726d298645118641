SELECT item FROM item_code WHERE code = ?1 ORDER BY item
