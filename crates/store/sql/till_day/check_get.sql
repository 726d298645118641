SELECT till, number, checked, state, records, verified, finding, proved, differs, unproved
FROM day_check WHERE till = ?1 AND number = ?2
