-- Newest first.
SELECT seq, till, training, number, at, date, day, person, basket, total, lines, copies,
       (SELECT coalesce(max(i.number), 1) FROM incarnation AS i WHERE i.first <= receipt.seq)
FROM receipt
WHERE seq < ?1
  AND (?2 IS NULL OR till = ?2)
  AND (?3 IS NULL OR number = ?3)
  AND (?4 IS NULL OR total = ?4)
  AND (?5 IS NULL OR training = ?5)
ORDER BY seq DESC
LIMIT ?6
