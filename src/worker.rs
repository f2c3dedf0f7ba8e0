//! What runs the flows: loops on the machine's clock ([`loops`], [`dispatcher`]) in a service, or step by
//! step on a clock moved by hand ([`rehearsal`]) in a rehearsal and on the handset.

pub mod carry;
pub mod dispatcher;
pub mod loops;
pub mod rehearsal;
pub mod wake;
pub mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::gateway::Gateway;

/// All gateways, by name.
#[derive(Clone, Default)]
pub struct Gateways(BTreeMap<String, Arc<Gateway>>);

impl Gateways {
    /// Of these gateways.
    pub fn new(gateways: impl IntoIterator<Item = Gateway>) -> Self {
        Self(gateways.into_iter().map(|gateway| (gateway.name.clone(), Arc::new(gateway))).collect())
    }

    /// The gateway of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Gateway>> {
        self.0.get(name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Gateway>> {
        self.0.values()
    }

    /// Whether every one is the rehearsal gateway: nothing real is behind this service.
    pub fn all_rehearsal(&self) -> bool {
        self.0.values().all(|gateway| gateway.is_rehearsal())
    }
}
