DELETE FROM session
