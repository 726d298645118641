INSERT INTO voucher_posting (seq, voucher, kind, amount, till, receipt, paid_till, paid_receipt, reason, person, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
