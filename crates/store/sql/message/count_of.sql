SELECT count(*) FROM message WHERE seq = ?1 AND kind <> 'upload'
