SELECT substr(kind, 8), at FROM audit_entry
WHERE kind IN ('handed_page', 'handed_mail', 'handed_sms', 'handed_declined') AND seq = ?1
ORDER BY at, kind
