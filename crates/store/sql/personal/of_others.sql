SELECT person, kind, sealed FROM personal WHERE person <> ?1 ORDER BY person, kind
