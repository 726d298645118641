-- The last entry of a kind about the same subject before another.
SELECT j.bytes FROM audit_entry AS a JOIN journal AS j ON j.seq = a.seq
WHERE a.kind = ?1 AND a.subject = ?2 AND a.seq < ?3
ORDER BY a.seq DESC LIMIT 1
