SELECT id, finding FROM bank_message WHERE entry = ?1
