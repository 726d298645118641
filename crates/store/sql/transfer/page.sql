SELECT id, reference, till, basket, amount, state, paid, message, confirmed, reason, asked, changed, person,
    receipt_till, receipt
FROM transfer
WHERE id < ?1 AND (?2 IS NULL OR state = ?2)
ORDER BY id DESC LIMIT ?3
