UPDATE customer SET forgotten = 1, details = '' WHERE id = ?1
