UPDATE receipt SET copies = ?3 WHERE till = ?1 AND training = 0 AND number = ?2
