SELECT j.bytes
FROM receipt AS r JOIN journal AS j ON j.seq = r.seq
WHERE r.till = ?1 AND r.training = ?2 AND r.number = ?3
