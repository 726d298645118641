SELECT seq FROM rksv_code WHERE register = ?1 AND basket IS NULL ORDER BY position DESC LIMIT ?2
