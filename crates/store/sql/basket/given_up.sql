UPDATE basket_entry SET basket = -basket WHERE basket = ?1
