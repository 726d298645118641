SELECT id, last4, kind, tax, balance, expires, blocked, till, receipt, sold
FROM voucher
WHERE id < ?1 AND (?2 = 0 OR balance > 0) AND (?3 IS NULL OR id = ?3 OR last4 = ?4)
ORDER BY id DESC LIMIT ?5
