UPDATE account_item SET left = left - ?4 WHERE customer = ?1 AND till = ?2 AND receipt = ?3
