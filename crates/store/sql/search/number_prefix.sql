SELECT version FROM item WHERE number >= ?1 AND number < ?2 ORDER BY number, version DESC LIMIT ?3
