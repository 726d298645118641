-- After a restore nobody knows what was sent since the backup; a page that is uploaded twice is the same page.
UPDATE message SET state = 'unknown', note = 'restored' WHERE state = 'waiting' AND kind <> 'upload'
