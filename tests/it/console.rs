//! The console as a person meets it: pages asked for, forms sent, what is done by them. In a real browser: `browser.rs`.

mod library;
mod review;
mod signing_in;
