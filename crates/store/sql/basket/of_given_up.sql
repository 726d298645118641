SELECT j.bytes FROM basket_entry AS b JOIN journal AS j ON j.seq = b.seq
WHERE b.basket = -?1
ORDER BY b.seq
