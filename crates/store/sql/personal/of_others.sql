SELECT subject, kind, sealed FROM personal WHERE subject <> ?1 ORDER BY subject, kind
