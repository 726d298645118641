SELECT seq, kind, amount, due, till, receipt, paid_till, paid_receipt, reference, person, at
FROM account_posting
WHERE customer = ?1
ORDER BY seq DESC LIMIT ?2
