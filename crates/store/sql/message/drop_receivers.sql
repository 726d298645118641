-- An address that nobody asked for any more is not kept because somebody forgot about it.
UPDATE message SET receiver = NULL WHERE receiver IS NOT NULL AND keep = 0 AND state <> 'waiting' AND changed < ?1
