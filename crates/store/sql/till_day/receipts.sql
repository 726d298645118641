SELECT day, count(*) FROM receipt WHERE till = ?1 GROUP BY day
