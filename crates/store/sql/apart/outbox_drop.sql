UPDATE outbox SET state = 'done', note = ?2
WHERE state <> 'done' AND state = 'waiting' AND till = ?1
