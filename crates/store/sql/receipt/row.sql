SELECT seq, till, training, number, at, date, day, person, basket, total, lines, copies
FROM receipt
WHERE till = ?1 AND training = ?2 AND number = ?3
