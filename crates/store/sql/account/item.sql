SELECT customer, till, receipt, date, due, amount, left
FROM account_item
WHERE till = ?1 AND receipt = ?2
