//! Motherline texts expectant and new mothers the right health tip in the right week, in their own language,
//! and listens when they text back.
//!
//! The house has floors; a room may use the rooms below it, never above (`tests/it/tidy.rs` keeps it so):
//!
//! | floor | what it is |
//! |---|---|
//! | [`clock`], [`ids`], [`telemetry`] | the ground: time, chance and what is measured |
//! | [`domain`] | values and pure functions: no I/O, no SQL, no clock |
//! | [`library`] | what NGOs author: format, checks, compiled editions |
//! | [`gateway`] | one file a provider |
//! | [`store`] | the database, on two engines |
//! | [`simulator`] | a gateway for trials, with faults and an account |
//! | [`flows`] | the stories: every write is one of them |
//! | [`worker`] | loops that run the flows, on the machine's clock or a rehearsed one |
//! | [`simulation`] | made-up mothers by the thousand, and the truths held against all that they got |
//! | [`web`] | webhooks, probes, the handset |
//! | [`config`], [`cli`] | the top: what becomes constructor arguments |
//!
//! Three stories to read: a mother's text ([`flows::inbound`]), a tip ([`flows::planning`], then
//! [`flows::dispatch`]), an authored message ([`library`], then [`flows::publishing`]).

pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod flows;
pub mod gateway;
pub mod ids;
pub mod library;
pub mod simulation;
pub mod simulator;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod worker;
