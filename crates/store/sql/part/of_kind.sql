SELECT key, body FROM part WHERE kind = ?1 ORDER BY key
