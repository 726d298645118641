INSERT INTO account_item (customer, till, receipt, date, due, amount, left)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
