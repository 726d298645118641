DELETE FROM session WHERE seen < ?1
