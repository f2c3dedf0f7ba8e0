//! JSON, written into one buffer.

use http::HeaderValue;
use serde::Serialize;

/// What such a body is called.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A value as JSON: the same bytes for the same value. `room` is at least its length, or the buffer grows.
pub fn json(value: &impl Serialize, room: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(room);
    // Texts and numbers cannot fail, nor can writing to a Vec.
    let _ = serde_json::to_writer(&mut body, value);
    body
}
