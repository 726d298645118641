//! Seeded worlds: whatever people, disk, clock and power do, the record holds.

mod worlds;
mod year;
