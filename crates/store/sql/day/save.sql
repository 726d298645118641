INSERT INTO closed_day (till, number, closed, body) VALUES (?1, ?2, ?3, ?4)
