//! The journal's tests: bytes kept for ever, the chain, and what a verifier finds.

mod golden;
mod samples;
mod tamper;
