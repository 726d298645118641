INSERT INTO import (id, source, state, began, items) VALUES (?1, ?2, 'running', ?3, 0)
