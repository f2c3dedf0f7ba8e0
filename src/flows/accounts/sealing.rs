//! What a page carries in somebody's browser and nobody there is to read or to make: closed under the key of the service.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::random;
use crate::flows::Service;

/// Closes it, as it stands in a form. What is closed for one use is good for no other.
pub fn closed(service: &Service, used_for: &str, plain: &[u8]) -> String {
    let plain = [used_for.as_bytes(), b"\n", plain].concat();
    URL_SAFE_NO_PAD.encode(service.seal.close(&random::<12>(), &plain))
}

/// What was closed for this use; none: it was not, or not by us.
pub fn opened(service: &Service, used_for: &str, closed: &str) -> Option<Vec<u8>> {
    let plain = service.seal.open(&URL_SAFE_NO_PAD.decode(closed).ok()?)?;
    Some(plain.strip_prefix(used_for.as_bytes())?.strip_prefix(b"\n")?.to_vec())
}
