-- The highest entry that any table points at: beyond the journal's end when it was cut off.
SELECT max(
    (SELECT coalesce(max(seq), 0) FROM receipt),
    (SELECT coalesce(max(seq), 0) FROM stock_movement),
    (SELECT coalesce(max(seq), 0) FROM basket_entry),
    (SELECT coalesce(max(seq), 0) FROM anchor))
