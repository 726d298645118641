SELECT coalesce(k.person, p.person), k.key, p.sealed
FROM personal_key AS k
FULL JOIN (SELECT person, sealed FROM personal WHERE kind = ?1) AS p ON p.person = k.person
ORDER BY 1
