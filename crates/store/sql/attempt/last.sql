SELECT coalesce((SELECT max(id) FROM attempt), 0),
    coalesce((SELECT max(attempt) FROM attempt_step WHERE seq < (SELECT max(first) FROM incarnation)), 0)
