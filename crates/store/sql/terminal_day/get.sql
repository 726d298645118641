SELECT period, body FROM terminal_day WHERE id = ?1
