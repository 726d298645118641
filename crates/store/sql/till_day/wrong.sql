-- Days closed since a moment in which something differs.
SELECT count(*) FROM day_check c JOIN closed_day d ON d.till = c.till AND d.number = c.number
WHERE d.closed >= ?1 AND (c.state <> 'right' OR c.differs > 0)
