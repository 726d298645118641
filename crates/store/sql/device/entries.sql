SELECT j.bytes FROM device_entry AS d JOIN journal AS j ON j.seq = d.seq
WHERE d.terminal = ?1 AND d.seq < ?2
ORDER BY d.seq DESC LIMIT ?3
