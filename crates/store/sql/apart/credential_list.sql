SELECT person, kind FROM credential ORDER BY person, kind
