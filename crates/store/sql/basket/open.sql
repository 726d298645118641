SELECT b.basket, j.bytes
FROM basket_entry AS b JOIN journal AS j ON j.seq = b.seq
WHERE b.basket > 0
ORDER BY b.seq, b.basket
