SELECT seq, till, training, number, at, date, day, person, basket, total, lines, copies,
       (SELECT coalesce(max(i.number), 1) FROM incarnation AS i WHERE i.first <= receipt.seq)
FROM receipt
WHERE till = ?1 AND training = ?2 AND number = ?3
