//! The plan: what is due to her and when, as laws, as recorded cases, and as whole lives.

mod almanac;
mod cadence;
mod gestation;
mod laws;
mod lives;
mod starter;
