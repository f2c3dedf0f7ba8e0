//! The service as Twilio meets it: the real program, calls signed as Twilio signs them, and a small server
//! that plays Twilio's API and answers as a test tells it.

mod blocked;
mod bursts;
mod calls;
mod doubt;
mod house;
mod limits;
mod odd;
mod outage;
pub mod proxy;
mod reports;
mod startup;
mod twilio;
