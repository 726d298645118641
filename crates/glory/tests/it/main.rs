//! The language of Glory's machines, seen from outside.

mod messages;
mod sessions;
mod sockets;
