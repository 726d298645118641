SELECT period, body FROM terminal_day WHERE terminal = ?1 AND period = ?2 ORDER BY id DESC LIMIT 1
