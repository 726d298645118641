SELECT date, sum(receipts), sum(amount) FROM hour_sales
WHERE date BETWEEN ?1 AND ?2
GROUP BY date ORDER BY date
