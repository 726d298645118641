SELECT coalesce(sum(left), 0), count(*), coalesce(sum(left) FILTER (WHERE due < ?1), 0), count(*) FILTER (WHERE due < ?1)
FROM account_item
WHERE left > 0
