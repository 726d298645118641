SELECT DISTINCT l.terminal, l.period
FROM attempt a JOIN attempt_line l ON l.attempt = a.id
WHERE a.till = ?1 AND a.asked >= ?2 AND a.asked <= ?3 AND a.state NOT IN ('declined', 'cancelled')
    AND a.purpose NOT IN ('reservation', 'release', 'cash', 'collection')
ORDER BY l.terminal, l.period
