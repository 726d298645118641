SELECT coalesce(sum(balance), 0), count(*) FROM voucher WHERE balance > 0
