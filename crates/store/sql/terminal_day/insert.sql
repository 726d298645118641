INSERT INTO terminal_day (id, terminal, period, state, body)
VALUES (?1, ?2, (SELECT count(*) + 1 FROM terminal_day WHERE terminal = ?2 AND state = 'closed'), ?3, ?4)
