SELECT count(*) FILTER (WHERE state = 'waiting' AND attempts > 0), count(*) FILTER (WHERE state IN ('unknown', 'failed') AND note <> 'sending'),
    (SELECT kind || '_' || note FROM message WHERE state <> 'done' AND state = 'waiting' AND attempts > 0
     ORDER BY changed DESC LIMIT 1)
FROM message
WHERE state <> 'done'
