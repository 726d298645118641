SELECT kind, bytes FROM photo WHERE digest = ?1
