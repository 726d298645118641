//! nexo by its golden messages, its published vectors, and properties.

mod given;
mod golden;
mod properties;
mod vectors;
