//! Who may do what at the console: roles, and the rights that each gives.
//!
//! A person has any number of roles, each for one program or for all of them. Nobody has a right that no role gives.

use super::named::named;

named! {
    /// What somebody is at the console.
    pub enum Role {
        /// Needs only counts.
        Viewer = "viewer",
        /// Sees that texts arrive, and does for a mother what she may do herself.
        Operator = "operator",
        /// Reads and answers what mothers write.
        Helpdesk = "helpdesk",
        /// Writes and translates.
        Author = "author",
        /// Signs what others wrote, and publishes.
        Reviewer = "reviewer",
        /// Says who may do what, and does what an operator does: they could give themselves that role at any time.
        Administrator = "administrator",
    }
}

named! {
    /// What a role allows.
    pub enum Right {
        /// To see counts: enrollments, texts, answers. No number, no words of a mother.
        Count = "count",
        /// To open a mother's page and read what she wrote and got.
        Read = "read",
        /// To see a phone number, one at a time, with a reason.
        Reveal = "reveal",
        /// To do for a mother what she may do by text, and to enroll.
        Act = "act",
        /// To answer what waits for a person.
        Answer = "answer",
        /// To send one text to many, and to approve or stop another's.
        Broadcast = "broadcast",
        /// To read the library as it is being written.
        Browse = "browse",
        /// To change the library's words.
        Author = "author",
        /// To sign the words of others, and to publish.
        Review = "review",
        /// To say who may do what, and to read who did.
        Administer = "administer",
    }
}

impl Role {
    /// What it allows.
    pub fn rights(self) -> &'static [Right] {
        use Right::{Act, Administer, Answer, Author, Broadcast, Browse, Count, Read, Reveal, Review};
        match self {
            Self::Viewer => &[Count],
            Self::Operator => &[Count, Read, Reveal, Act, Answer, Broadcast, Browse],
            Self::Helpdesk => &[Count, Read, Reveal, Answer, Browse],
            Self::Author => &[Count, Browse, Author],
            Self::Reviewer => &[Count, Browse, Review],
            Self::Administrator => &[Count, Read, Reveal, Act, Answer, Broadcast, Browse, Administer],
        }
    }

    /// Whether it allows this.
    pub fn allows(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

/// A role, for one program or for every one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grant {
    /// What they are.
    pub role: Role,
    /// For which program; none: for every one, those to come included.
    pub program: Option<String>,
}

impl Grant {
    /// Whether it holds for this program.
    pub fn covers(&self, program: &str) -> bool {
        self.program.as_deref().is_none_or(|own| own == program)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_and_signs_by_one_role() {
        for role in Role::ALL {
            assert!(!(role.allows(Right::Author) && role.allows(Right::Review)), "{}", role.name());
        }
    }

    #[test]
    fn who_needs_only_counts_sees_no_number() {
        for role in [Role::Viewer, Role::Author, Role::Reviewer] {
            assert!(!role.allows(Right::Reveal) && !role.allows(Right::Read), "{}", role.name());
        }
    }
}
