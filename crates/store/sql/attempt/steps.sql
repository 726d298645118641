SELECT seq FROM attempt_step WHERE attempt = ?1 ORDER BY seq LIMIT ?2
