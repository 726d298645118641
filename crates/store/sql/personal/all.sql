SELECT coalesce(k.subject, p.subject), k.key, p.kind, p.sealed
FROM personal_key AS k
FULL JOIN personal AS p ON p.subject = k.subject
ORDER BY 1, 3
