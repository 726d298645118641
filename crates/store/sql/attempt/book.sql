UPDATE attempt
SET booked = ?2, terminal_id = ?3, receipt = ?4, trace = ?5, scheme = ?6, last4 = ?7
WHERE id = ?1
