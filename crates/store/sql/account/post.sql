INSERT INTO account_posting
    (seq, customer, kind, amount, due, till, receipt, paid_till, paid_receipt, reference, person, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
