SELECT a.seq, a.subject, j.bytes FROM audit_entry AS a JOIN journal AS j ON j.seq = a.seq
WHERE a.kind = ?1 AND a.seq < ?2 AND a.at >= ?3 AND a.at < ?4
ORDER BY a.seq DESC LIMIT ?5
