//! The real program as a process, driven from outside.

mod audit;
mod bad_input;
mod bank;
mod day;
mod ending;
mod kit;
mod said;
mod sigkill;
mod sigkill_cards;
mod sigkill_machine;
mod signed;
