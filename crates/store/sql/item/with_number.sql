SELECT body FROM item_now WHERE number = ?1 ORDER BY item LIMIT 1
