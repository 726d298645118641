//! The card terminal's language: vectors, properties, and till against terminal with every fault.

mod codec;
mod endings;
mod facts;
mod fuzzed;
mod given;
mod messages;
mod privacy;
mod properties;
mod recovery;
mod serial_link;
mod session;
mod terminal;
mod vectors;
mod world;
