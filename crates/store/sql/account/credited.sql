SELECT coalesce(-sum(amount), 0) FROM account_posting
WHERE customer = ?1 AND kind = 'credited' AND paid_till = ?2 AND paid_receipt = ?3
