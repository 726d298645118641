SELECT register, till, count(*), max(position) FROM rksv_code GROUP BY register ORDER BY min(seq)
