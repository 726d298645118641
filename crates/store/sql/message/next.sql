SELECT min(next) FROM message WHERE state <> 'done' AND state = 'waiting'
