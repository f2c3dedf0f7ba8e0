//! The report: stub.

use super::{Account, Plan, Setting};

/// The page.
pub struct Page(String);

impl Page {
    /// Of a run.
    pub fn of(_setting: &Setting, _plan: &Plan, account: &Account) -> Self {
        Self(format!("{}", account.mothers))
    }

    /// The page.
    pub fn html(&self) -> Result<String, askama::Error> {
        Ok(self.0.clone())
    }
}
