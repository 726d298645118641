UPDATE attempt_line SET slip = ?2 WHERE attempt = ?1 AND (signs OR ?3)
