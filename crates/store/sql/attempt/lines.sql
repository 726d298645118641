SELECT a.id, a.till, a.terminal, a.basket, a.purpose, a.reverses, a.amount, a.booked, a.state, a.code, a.asked,
    a.changed, a.person, a.terminal_id, a.receipt, a.trace, a.scheme, a.last4,
    l.period, l.counts, l.currency, l.tip, l.signs, l.till, l.receipt, l.slip,
    (SELECT r.id FROM attempt r WHERE r.reverses = a.id AND r.state IN ('approved', 'resolved_charged') LIMIT 1)
FROM attempt_line l JOIN attempt a ON a.id = l.attempt
WHERE l.terminal = ?1 AND l.period = ?2 AND a.state NOT IN ('declined', 'cancelled')
    AND a.purpose NOT IN ('reservation', 'release', 'cash', 'collection')
ORDER BY a.id
