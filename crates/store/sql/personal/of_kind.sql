SELECT coalesce(k.subject, p.subject), k.key, p.sealed
FROM personal_key AS k
FULL JOIN (SELECT subject, sealed FROM personal WHERE kind = ?1) AS p ON p.subject = k.subject
ORDER BY 1
