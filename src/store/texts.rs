//! Every text there is, for whoever looks: lists of them ([`list`]), and one with all that happened to it ([`one`]).
//! Nothing here writes.

mod listing;
mod one;

pub use self::listing::*;
pub use self::one::*;
