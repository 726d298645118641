SELECT person, key FROM personal_key WHERE person <> ?1 ORDER BY person
