//! The service as Twilio meets it: the real program, calls signed as Twilio signs them, and a small server
//! that plays Twilio's API and answers as a test tells it. [`several`] does the same with Infobip and Telnyx.

mod blocked;
mod bursts;
mod calls;
mod doubt;
mod house;
mod keyed;
mod limits;
mod odd;
mod outage;
pub mod proxy;
mod reports;
mod several;
mod startup;
mod twilio;
