//! Tests of the receipt document and its renderers.

mod codes;
mod documents;
mod safety;
mod samples;
mod swiss;
