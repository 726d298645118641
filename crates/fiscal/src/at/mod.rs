//! Austria: the Registrierkassensicherheitsverordnung (RKSV).
