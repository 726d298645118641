//! The application of one shop: the engine thread, effect runners, jobs, HTTP API, embedded pages.

pub mod api;
pub mod clock;
pub mod http;
pub mod engine;
pub mod ids;
pub mod print;
mod view;
