SELECT seq, hash FROM anchor ORDER BY seq
