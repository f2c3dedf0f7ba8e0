//! The house as its neighbours meet it: real programs at the other end of the wire.

mod kannel;
mod support;
