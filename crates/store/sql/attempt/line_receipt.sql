UPDATE attempt_line SET till = ?2, receipt = ?3 WHERE attempt = ?1
