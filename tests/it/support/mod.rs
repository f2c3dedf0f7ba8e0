//! What the tests stand on.

pub mod hooks;
pub mod kannel;
pub mod kannel_phone;
