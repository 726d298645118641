SELECT seq, kind, amount, till, receipt, paid_till, paid_receipt, reason, person, at
FROM voucher_posting
WHERE voucher = ?1
ORDER BY seq DESC LIMIT ?2
