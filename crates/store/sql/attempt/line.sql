INSERT INTO attempt_line (attempt, terminal, period, counts, currency, tip, signs)
VALUES (?1, ?2, (SELECT count(*) + 1 FROM terminal_day WHERE terminal = ?2 AND state = 'closed'), ?3, NULL, 0, 0)
