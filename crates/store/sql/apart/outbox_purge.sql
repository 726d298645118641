DELETE FROM outbox
WHERE state = 'done' AND id <= (SELECT max(id) FROM outbox) - ?1
