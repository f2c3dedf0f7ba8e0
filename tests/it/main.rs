//! The integration tests, one binary: flows on both engines, the service from outside, the command line.

#![expect(
    clippy::disallowed_methods,
    reason = "a test stands outside: the program it starts has the machine's clock"
)]

mod command;
mod configured;
mod console;
mod conversation;
mod danger;
mod date_text;
mod desk;
mod dispatcher;
mod editions;
mod explain;
mod flows;
mod heard;
mod kannel;
mod kannel_conversation;
mod keywords;
mod killed;
mod library;
mod plan;
mod reserve;
mod simulation;
mod simulator;
mod split;
mod standby;
mod support;
mod takeover;
mod throttle;
mod tidy;
mod upgrading;
mod webhooks;
