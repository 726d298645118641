SELECT body FROM closed_day WHERE till = ?1 AND number = ?2
