SELECT coalesce(max(item), 0) FROM item
