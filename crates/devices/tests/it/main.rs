//! Tests of printing: jobs as bytes, printing to the simulator with each fault, and the simulator's page.

mod bars;
mod cash_machine;
mod golden;
mod jobs;
mod label_printer;
mod languages;
mod page;
mod printing;
mod samples;
mod scanner;
