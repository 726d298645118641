SELECT seq FROM till_record WHERE till = ?1 ORDER BY seq
