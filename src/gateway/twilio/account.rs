//! An account at Twilio: what the configuration says of it, and how its pages are addressed.

use super::super::Secret;
use super::super::http::Address;
use super::SharedKey;

/// What the configuration says of an account.
#[derive(Clone)]
pub struct Settings {
    /// `AC` and 32 digits.
    pub account_sid: String,
    /// How we prove who we are.
    pub auth: Auth,
    /// Signs Twilio's webhooks, even when sending uses an API key.
    pub auth_token: Secret,
    /// Signs them instead where the account has one.
    pub shared_key: Option<SharedKey>,
    /// Lets Twilio choose the sender from a pool.
    pub messaging_service_sid: Option<String>,
    /// [`API`](super::API), or a simulator; without a final slash.
    pub base_url: String,
    /// Where our webhooks for this gateway are reached from outside, without a final slash.
    pub callback_url: String,
}

/// The credentials of a send.
#[derive(Clone)]
pub enum Auth {
    /// The account's own.
    AuthToken,
    /// A key made for this purpose, which can be taken back.
    ApiKey {
        /// `SK` and 32 digits.
        sid: String,
        /// What goes with it.
        secret: Secret,
    },
}

impl Settings {
    /// Where texts are posted and listed.
    pub(super) fn messages_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}/Messages.json", self.account_sid)
    }

    /// A page of the API, with the credentials for it; none if the base URL is not one.
    pub(super) fn address(&self, path: &str) -> Option<Address> {
        let (user, password) = match &self.auth {
            Auth::AuthToken => (&self.account_sid, &self.auth_token),
            Auth::ApiKey { sid, secret } => (sid, secret),
        };
        let address = Address::parse(&format!("{}{path}", self.base_url))?;
        Some(address.authorized(user, password.reveal()))
    }
}
