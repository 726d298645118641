-- Records that are no receipts, newest first.
SELECT seq, till FROM till_record WHERE seq < ?1 AND (?2 IS NULL OR till = ?2) ORDER BY seq DESC LIMIT ?3
