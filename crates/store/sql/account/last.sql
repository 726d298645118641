SELECT max(at) FROM account_posting WHERE customer = ?1
