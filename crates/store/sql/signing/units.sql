SELECT seq FROM signing_unit ORDER BY serial
