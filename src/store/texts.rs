//! Every text there is, for whoever looks: lists of them ([`list`]), and one with all that happened to it ([`one`]).
//! Nothing here writes.

mod few;
mod listing;
mod one;
mod strides;

pub use self::listing::*;
pub use self::one::*;
