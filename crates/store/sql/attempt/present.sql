UPDATE attempt_line
SET period = (SELECT count(*) + 1 FROM terminal_day WHERE terminal = attempt_line.terminal AND state = 'closed')
WHERE attempt = ?1
