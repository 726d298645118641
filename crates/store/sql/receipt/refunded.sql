SELECT tender, amount FROM refunded WHERE till = ?1 AND number = ?2 ORDER BY tender
