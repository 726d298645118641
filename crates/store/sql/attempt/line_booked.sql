UPDATE attempt_line SET counts = coalesce(?2, counts), currency = ?3, tip = ?4, signs = ?5 WHERE attempt = ?1
