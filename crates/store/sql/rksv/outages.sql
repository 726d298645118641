-- Codes of one outage say the same moment since when they are not signed; nothing signed stands between them.
SELECT min(c.position), max(c.position) FROM rksv_code c JOIN journal j ON j.seq = c.seq
WHERE c.register = ?1 AND json_extract(j.bytes, '$.body.unsigned') IS NOT NULL
GROUP BY json_extract(j.bytes, '$.body.carried.outage') ORDER BY max(c.position) DESC LIMIT ?2
