-- Versions that are not valid, as ranges in descending order. Versions put by hand in between are
-- few and looked up apart.
SELECT first, last FROM import WHERE state <> 'finished' AND first IS NOT NULL ORDER BY first DESC
