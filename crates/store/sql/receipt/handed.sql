-- A receipt was handed over by a way: the row is the receipt's, its subject the entry that says so. Each way once.
INSERT OR IGNORE INTO audit_entry (kind, seq, at, subject)
SELECT 'handed_' || ?1, seq, ?2, ?3 FROM receipt WHERE till = ?4 AND number = ?5 AND NOT training
