SELECT seq FROM rksv_code WHERE basket = ?1
