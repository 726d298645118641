-- Days closed since a moment of which not everything is proved: what was missing may have come.
SELECT c.till, c.number FROM day_check c JOIN closed_day d ON d.till = c.till AND d.number = c.number
WHERE d.closed >= ?1 AND (c.state <> 'right' OR c.differs > 0 OR c.unproved > 0)
ORDER BY d.closed, c.till
