-- What was being handed over when the program ended.
UPDATE message SET note = 'interrupted' WHERE state = 'unknown' AND note = 'sending'
