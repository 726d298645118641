-- Chains of Austria's tills that may have gone on since the backup.
UPDATE part SET body = json_set(body, '$.restored', json('true')) WHERE kind = 'register'
