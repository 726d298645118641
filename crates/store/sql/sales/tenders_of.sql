SELECT kind, count, amount FROM tender_day WHERE date = ?1 ORDER BY kind
