SELECT id, till, terminal, basket, purpose, reverses, amount, booked, state, code, asked, changed, person,
    terminal_id, receipt, trace, scheme, last4
FROM attempt
WHERE id < ?1 AND (?2 IS NULL OR terminal = ?2) AND (?3 IS NULL OR state = ?3)
ORDER BY id DESC LIMIT ?4
