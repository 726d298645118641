SELECT coalesce(a.scheme, (SELECT b.scheme FROM attempt b WHERE b.id = a.reverses)),
    CASE WHEN a.purpose IN ('payment', 'booking') THEN l.counts ELSE -l.counts END
FROM attempt_line l JOIN attempt a ON a.id = l.attempt
WHERE l.terminal = ?1
    AND l.period = (SELECT count(*) + 1 FROM terminal_day WHERE terminal = ?1 AND state = 'closed')
    AND a.state IN ('approved', 'resolved_charged')
    -- Nothing moves when money is reserved, or a reservation released; cash is no business of terminals.
    AND a.purpose NOT IN ('reservation', 'release', 'cash', 'collection')
    AND CASE a.purpose
        WHEN 'reversal' THEN
            -- What it takes back counted on a day that is closed.
            EXISTS (SELECT 1 FROM attempt_line p WHERE p.attempt = a.reverses AND p.period < l.period)
        ELSE
            -- What was taken back on the same day moved nothing.
            NOT EXISTS (
                SELECT 1 FROM attempt r JOIN attempt_line rl ON rl.attempt = r.id
                WHERE r.reverses = a.id AND r.state IN ('approved', 'resolved_charged') AND rl.period = l.period
            )
        END
    AND a.asked <= ?2
ORDER BY a.id
