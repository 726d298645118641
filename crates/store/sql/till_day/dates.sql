-- Every closed day with the local date that it says, till by till in the order of their numbers.
SELECT till, number, closed, json_extract(body, '$.day.date') FROM closed_day ORDER BY till, number
