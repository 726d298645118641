SELECT finding FROM bank_message
WHERE entry = ?1 AND amount = ?2 AND currency = ?3 AND back = ?4 AND reference = ?5
