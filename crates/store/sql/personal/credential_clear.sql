DELETE FROM credential
