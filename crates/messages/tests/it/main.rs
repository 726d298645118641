//! What leaves the shop, over real sockets on this machine.

mod host;
mod mail;
mod sms;
mod smtp_server;
