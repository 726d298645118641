SELECT quantity FROM returned WHERE till = ?1 AND number = ?2 AND line = ?3
