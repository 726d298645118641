SELECT customer, till, receipt, date, due, amount, left
FROM account_item
WHERE left > 0
ORDER BY due, customer, till, receipt LIMIT ?1
