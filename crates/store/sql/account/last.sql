-- Who bought nothing on account can have been named on an invoice, which is kept as long.
SELECT max(at) FROM (
    SELECT max(at) AS at FROM account_posting WHERE customer = ?1
    UNION ALL
    SELECT json_extract(bytes, '$.at') FROM journal
    WHERE seq = (SELECT max(seq) FROM invoice WHERE customer = ?1)
)
