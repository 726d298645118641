SELECT person, kind, hash FROM credential WHERE person <> ?1 ORDER BY person, kind
