SELECT count(DISTINCT item) FROM item_now WHERE retired = 0
