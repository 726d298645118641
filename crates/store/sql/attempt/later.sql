UPDATE attempt_line SET period = period + 1
WHERE terminal = ?1 AND period = (SELECT period FROM terminal_day WHERE id = ?2)
    AND attempt IN (SELECT id FROM attempt WHERE terminal = ?1 AND asked > ?3)
