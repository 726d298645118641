SELECT hour, till, receipts, amount FROM hour_sales WHERE date = ?1 ORDER BY hour, till
