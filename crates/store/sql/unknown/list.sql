SELECT code, grp, name, price, times, first_at, last_at FROM unknown_code
ORDER BY last_at DESC, code
