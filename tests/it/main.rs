//! The integration tests, one binary: flows on both engines, the service from outside, the command line.

mod conversation;
mod date_text;
mod explain;
mod flows;
mod kannel;
mod kannel_conversation;
mod keywords;
mod killed;
mod library;
mod plan;
mod support;
mod tidy;
mod webhooks;
