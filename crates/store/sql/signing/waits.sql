SELECT 1 FROM part WHERE kind = 'signing' AND key = ?1
