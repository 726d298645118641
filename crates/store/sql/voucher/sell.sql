INSERT INTO voucher (id, hash, last4, kind, tax, balance, expires, blocked, till, receipt, sold)
VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, ?7, ?8, ?9)
