SELECT body FROM item_now WHERE number = ?1 LIMIT 1
