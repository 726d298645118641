//! The legally relevant part, seen from outside.

mod conversations;
mod golden;
mod part;
mod trace;
