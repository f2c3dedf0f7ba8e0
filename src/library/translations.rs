//! The words of a program for translators: PO files, which Weblate, Poedit and their kin work on. The program's first
//! language is the source of all others; `msgctxt` is the tip's id, so that two tips with the same words stay two.

mod export;
mod import;
mod plural;
mod po;
mod write;

pub use crate::library::exchange::NothingToTranslate;
pub use export::{po, pot};
pub use import::import;
