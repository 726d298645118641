SELECT body FROM item WHERE version = ?1
