SELECT id, booked, amount, currency, back, reference, finding, transfer, waits, reason, settled, person, taken
FROM bank_message
WHERE id < ?1 AND (?2 = 0 OR waits <> 0)
ORDER BY id DESC LIMIT ?3
