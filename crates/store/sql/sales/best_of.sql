SELECT item, quantity, amount FROM item_day
WHERE date = ?1 AND quantity > 0
ORDER BY amount DESC, item
LIMIT ?2
