//! The console as a person meets it: pages asked for, forms sent, what is done by them. In a real browser: `browser.rs`.

mod broadcasts;
mod browser;
mod command;
mod delivery;
mod enrolling;
mod guarded;
mod import_at_once;
mod import_faults;
mod import_reach;
mod importing;
mod inbox;
mod library;
mod library_files;
mod mothers;
mod overview;
mod partners;
mod plans;
mod review;
mod signed_out;
mod signing_in;
mod signing_off;
mod staff;
mod tallying;
mod texts;
mod writing;

use motherline::store::Database;
use motherline::worker::rehearsal::World;

use crate::conversation::{RUSSIA, SCRIPT, US, at};

/// A service of both programs on a Monday morning in New York, on a clock moved by hand.
pub async fn world(database: &Database) -> World {
    world_at(database, "2026-11-23T09:00:00-05:00").await
}

/// The same from another moment on.
pub async fn world_at(database: &Database, start: &str) -> World {
    let programs = vec![US.to_owned(), RUSSIA.to_owned()];
    World::new(database.clone(), &SCRIPT, programs, at(start), 7).await.expect("a world")
}

/// She writes these texts.
pub async fn writes(world: &mut World, her: &str, texts: &[&str]) {
    for text in texts {
        world.text(her, text).await.expect("a text");
    }
}
