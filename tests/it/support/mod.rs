//! What the tests stand on.

pub mod chromium;
mod cluster;
pub mod console;
pub mod engines;
pub mod gateway;
pub mod hooks;
pub mod kannel;
pub mod kannel_phone;
pub mod racing;
pub mod service;
pub mod texts;
