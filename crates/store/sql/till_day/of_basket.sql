SELECT seq, till FROM basket_record WHERE basket = ?1 ORDER BY seq
