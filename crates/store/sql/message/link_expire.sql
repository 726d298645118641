DELETE FROM receipt_link WHERE until < ?1
