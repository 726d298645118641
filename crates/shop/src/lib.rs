//! The application of one shop: the engine thread, effect runners, jobs, HTTP API, embedded pages.
//!
//! [`engine`] decides and records; [`http`] asks it for people, [`import`] for files. Nothing here
//! reads the clock but [`clock`], and nothing computes money but `money` and `domain`.

pub mod api;
pub mod audit;
pub mod auth;
pub mod bank;
pub mod books;
pub mod clock;
pub mod country;
pub mod defaults;
pub mod demo;
pub mod digital;
pub mod engine;
pub mod fiscal;
pub mod http;
pub mod ids;
pub mod import;
pub mod invoice;
mod labels;
pub mod pay;
pub mod personal;
pub mod photo;
pub mod pole;
pub mod print;
pub mod proof;
pub mod reports;
pub mod rksv;
pub mod scanners;
pub mod sign;
pub mod vault;
pub mod verify;
mod view;
pub mod weigh;
