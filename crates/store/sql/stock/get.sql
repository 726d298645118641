SELECT quantity FROM stock WHERE item = ?1
