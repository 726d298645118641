SELECT customer, till, receipt, date, due, amount, left
FROM account_item
WHERE customer = ?1 AND left > 0
ORDER BY due, date, till, receipt
