INSERT INTO bank_message
    (id, entry, booked, amount, currency, back, reference, finding, transfer, waits, reason, person, taken)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '', ?11, ?12)
