-- Invoices of a receipt, the one that holds last.
SELECT seq, customer, version FROM invoice WHERE till = ?1 AND number = ?2 ORDER BY seq
