//! The service beside Twilio, and what its subscribers and Twilio do to it.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Days;
use hmac::{Hmac, KeyInit, Mac};
use motherline::clock::Clock;
use sha1::Sha1;
use tempfile::TempDir;

use super::twilio::{Post, Twilio};
use crate::kannel_conversation::catalog::Catalog;
use crate::support::engines;
use crate::support::service::{Service, Settings, port};

/// Our number.
pub const US: &str = "+12025550100";
/// Hers, and other women's.
pub const AMY: &str = "+12025550143";
pub const BEA: &str = "+12025550144";
pub const CAT: &str = "+12025550145";

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const TOKEN: &str = "never-show-this-token";
/// What Twilio calls and signs; a proxy brings it to us.
const PUBLIC: &str = "https://tips.example.org";

/// The one confirmation of STOP.
pub fn stopped() -> String {
    Catalog::of("en").reply("stopped", &[("program", "Text4baby")])
}

/// A service and its Twilio.
pub struct House {
    pub service: Service,
    pub twilio: Twilio,
    calls: AtomicU32,
    _folder: TempDir,
}

impl House {
    /// On SQLite, with one public number.
    pub async fn open() -> Self {
        Self::with("").await
    }

    /// The same, with more settings of its number.
    pub async fn with(more: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let twilio = Twilio::open().await;
        let settings = settings(&twilio, &engines::sqlite(folder.path()), more);
        Self::of(twilio, settings, folder).await
    }

    /// The same, with other words in its configuration.
    pub async fn altered(words: &str, others: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let twilio = Twilio::open().await;
        let mut settings = settings(&twilio, &engines::sqlite(folder.path()), "");
        settings.config = settings.config.replacen(words, others, 1);
        Self::of(twilio, settings, folder).await
    }

    pub async fn of(twilio: Twilio, settings: Settings, folder: TempDir) -> Self {
        let service = Service::start(settings).await;
        Self { service, twilio, calls: AtomicU32::new(0), _folder: folder }
    }

    /// Twilio brings a text to us; gives the status.
    pub async fn text(&self, from: &str, body: &str) -> u16 {
        let sid = format!("SM{:032x}", 0x1000 + self.calls.fetch_add(1, Ordering::Relaxed));
        self.text_as(&sid, from, body, &[]).await
    }

    /// The same under a name of its own, with more fields.
    pub async fn text_as(&self, sid: &str, from: &str, body: &str, more: &[(&str, &str)]) -> u16 {
        let mut form =
            vec![("MessageSid", sid), ("From", from), ("To", US), ("Body", body), ("NumMedia", "0")];
        form.extend(more);
        self.call("/webhooks/twilio/inbound", &form).await
    }

    /// Twilio says what became of a text, at the address that came with it.
    pub async fn report(&self, post: &Post, status: &str, more: &[(&str, &str)]) -> u16 {
        let path = post.field("StatusCallback").strip_prefix(PUBLIC).expect("our public address").to_owned();
        self.report_at(&path, &post.sid, status, more).await
    }

    pub async fn report_at(&self, path: &str, sid: &str, status: &str, more: &[(&str, &str)]) -> u16 {
        let mut form = vec![("MessageSid", sid), ("MessageStatus", status), ("To", AMY), ("From", US)];
        form.extend(more);
        self.call(path, &form).await
    }

    /// A call with Twilio's signature.
    pub async fn call(&self, path: &str, form: &[(&str, &str)]) -> u16 {
        let signature = signature(path, form, TOKEN);
        self.service.post(path, &[("x-twilio-signature", &signature)], encoded(form)).await
    }

    /// She texts, and gets one answer.
    pub async fn says(&self, from: &str, body: &str) -> Post {
        let before = self.twilio.posts_to(from).len();
        assert_eq!(200, self.text(from, body).await);
        self.twilio.post_to(from, before + 1).await
    }

    /// She enrolls; four texts go to her.
    pub async fn enroll(&self, from: &str) {
        let due = Clock::System.now().date_naive() + Days::new(150);
        for body in ["BABY", &due.format("%m/%d/%Y").to_string(), "YES", "10001"] {
            self.says(from, body).await;
        }
        assert_eq!(["active"], *self.service.enrollments(from).await);
    }
}

/// Its configuration: one number, on which the American program is open to the public.
pub fn settings(twilio: &Twilio, database: &str, more: &str) -> Settings {
    let config = format!(
        r#"
        [server]
        public_url = "{PUBLIC}/"

        [[gateway]]
        name = "twilio"
        kind = "twilio"
        base_url = "{}"
        account_sid = "{ACCOUNT}"
        auth_token = {{ env = "TWILIO_TOKEN" }}

        [[sender]]
        name = "long-code"
        gateway = "twilio"
        address = "{US}"
        programs = ["text4baby-us"]
        segments_per_second = 100
        {more}
        "#,
        twilio.url,
    );
    Settings::new(config, database, port()).secret("TWILIO_TOKEN", TOKEN)
}

/// Twilio's own words: the address, then each name and value in the order of the names, HMAC-SHA1, base 64.
pub fn signature(path: &str, form: &[(&str, &str)], token: &str) -> String {
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let values: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any key");
    STANDARD.encode(mac.chain_update(format!("{PUBLIC}{path}{values}")).finalize().into_bytes())
}

pub fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// RFC 7617.
pub fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}
