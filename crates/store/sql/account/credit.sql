SELECT coalesce(-sum(balance), 0) FROM customer WHERE balance < 0
