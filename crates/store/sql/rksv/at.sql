SELECT seq FROM rksv_code WHERE register = ?1 AND position = ?2
