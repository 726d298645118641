SELECT item FROM item_now WHERE number = ?1 AND item IS NOT ?2 LIMIT 1
