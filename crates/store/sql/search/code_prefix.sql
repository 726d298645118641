SELECT code, item FROM item_code WHERE code >= ?1 AND code < ?2 ORDER BY code, item LIMIT ?3
