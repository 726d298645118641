SELECT seq FROM signing_unit WHERE serial = ?1
