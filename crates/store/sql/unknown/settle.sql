DELETE FROM unknown_code WHERE code = ?1
