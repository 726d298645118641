SELECT subject, key FROM personal_key WHERE subject <> ?1 ORDER BY subject
