SELECT count(*) + 1 FROM terminal_day WHERE terminal = ?1 AND state = 'closed'
