//! `[database]`: where everything is kept.

use super::reader::Section;
use crate::gateway::Secret;

/// The section.
#[derive(Debug)]
pub struct DatabaseSection {
    /// `sqlite:PATH` or `postgres://…`; it may carry a password.
    pub url: Secret,
    /// Connections to PostgreSQL, at most.
    pub connections: u32,
}

pub(super) fn read(section: &mut Section<'_>) -> DatabaseSection {
    let connections = section.whole("connections", 2..=500).unwrap_or(10);
    let plain = section.text("url");
    if plain
        .as_ref()
        .is_some_and(|url| url.contains("://") && url.contains('@') && url.contains(':') && has_password(url))
    {
        section.fault("url", "expected no password here: put the whole address in url_secret".to_owned());
    }
    let secret = section.optional_secret("url_secret");
    if plain.is_some() && secret.is_some() {
        section.fault("url_secret", "expected either url or url_secret, not both".to_owned());
    }
    let url = secret
        .unwrap_or_else(|| Secret::new(plain.unwrap_or_else(|| "sqlite:data/motherline.db".to_owned())));
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if !known.iter().any(|scheme| url.reveal().starts_with(scheme)) {
        section.fault("url", "expected sqlite:PATH or postgres://USER@HOST/NAME".to_owned());
    }
    DatabaseSection { url, connections: u32::try_from(connections).unwrap_or(10) }
}

fn has_password(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| url.password().is_some())
}
