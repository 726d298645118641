SELECT name FROM signer ORDER BY seq
