//! `[server]`: where it listens, and how the world reaches it.

use std::net::SocketAddr;

use super::reader::Section;

/// The section.
#[derive(Debug)]
pub struct ServerSection {
    /// Address and port.
    pub listen: SocketAddr,
    /// scheme://host as providers call it, without a final slash.
    pub public_url: Option<String>,
}

pub(super) fn read(section: &mut Section<'_>) -> ServerSection {
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let listen = match section.text("listen").map(|text| text.parse()) {
        Some(Ok(address)) => address,
        Some(Err(_)) => {
            section.fault("listen", "expected an address and a port, such as 127.0.0.1:8080".to_owned());
            default
        }
        None => default,
    };
    let public_url = section.url("public_url", "https://host as providers reach this service");
    let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned());
    ServerSection { listen, public_url }
}
