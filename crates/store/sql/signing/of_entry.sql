SELECT seq FROM entry_signature WHERE entry = ?1
