SELECT id, source, state, began, items FROM import ORDER BY id
