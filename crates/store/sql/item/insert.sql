INSERT INTO item (version, item, import, number, name, grp, retired, minimum, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
