SELECT waits FROM bank_message WHERE id = ?1
