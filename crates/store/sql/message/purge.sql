DELETE FROM message WHERE changed < ?1 AND keep = 0 AND state <> 'waiting'
