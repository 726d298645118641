-- Which entries set the settings: a receipt is shown with the shop's head of its time.
CREATE TABLE configured (
    seq INTEGER PRIMARY KEY
) STRICT;

INSERT INTO configured
SELECT seq FROM journal
WHERE bytes LIKE '%"kind":"shop_configured"%'
  AND CASE WHEN json_valid(bytes) THEN json_extract(bytes, '$.kind') END = 'shop_configured';
