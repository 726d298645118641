SELECT id, last4, kind, tax, balance, expires, blocked, till, receipt, sold FROM voucher WHERE hash = ?1
