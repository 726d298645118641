SELECT a.scheme, CASE a.purpose WHEN 'refund' THEN -l.counts ELSE l.counts END
FROM attempt_line l JOIN attempt a ON a.id = l.attempt
WHERE l.terminal = ?1
    AND l.period = (SELECT count(*) + 1 FROM terminal_day WHERE terminal = ?1 AND state = 'closed')
    AND a.state IN ('approved', 'resolved_charged') AND a.purpose IN ('payment', 'refund')
    AND NOT EXISTS (SELECT 1 FROM attempt r WHERE r.reverses = a.id AND r.state IN ('approved', 'resolved_charged'))
    AND a.asked <= ?2
ORDER BY a.id
