SELECT seq FROM signature WHERE basket = ?1
