DELETE FROM basket_entry WHERE basket = ?1
