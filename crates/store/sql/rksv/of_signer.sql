SELECT seq FROM signer WHERE name = ?1
