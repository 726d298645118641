UPDATE transfer SET receipt_till = ?2, receipt = ?3 WHERE id = ?1
