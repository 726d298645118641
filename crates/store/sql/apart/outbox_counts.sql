SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state <> 'waiting')
FROM outbox
WHERE state <> 'done' AND (?1 IS NULL OR till = ?1)
