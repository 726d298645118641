SELECT till, receipt FROM slip WHERE number = ?1
