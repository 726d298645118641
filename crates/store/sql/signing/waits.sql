SELECT 1 FROM part WHERE kind = ?1 AND key = ?2
