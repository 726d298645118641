SELECT hash FROM credential WHERE person = ?1 AND kind = ?2
