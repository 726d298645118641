SELECT body FROM terminal_day WHERE id = ?1
