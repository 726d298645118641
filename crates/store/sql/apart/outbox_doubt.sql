-- After a restore nobody knows what was printed since the backup.
UPDATE outbox SET state = 'unknown' WHERE state = 'waiting'
