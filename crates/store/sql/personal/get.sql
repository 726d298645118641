SELECT k.key, p.sealed
FROM personal_key AS k
JOIN personal AS p ON p.subject = k.subject
WHERE k.subject = ?1 AND p.kind = ?2
