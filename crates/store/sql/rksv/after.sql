SELECT position, seq FROM rksv_code WHERE register = ?1 AND position > ?2 ORDER BY position LIMIT ?3
