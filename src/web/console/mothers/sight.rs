//! What of a mother somebody may see: what is of a program in which they may read, and what is of her phone as a whole.

use chrono_tz::Tz;
use uuid::Uuid;

use super::Mother;
use crate::domain::language::Language;
use crate::domain::role::Right;
use crate::flows::exporting::Shown;
use crate::library::{Library, Program};
use crate::store::audits::Deed;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::deeds;
use crate::web::console::tongue::{Tongue, fill};

/// Who looks, and at whom.
pub struct Sight<'a> {
    /// The service.
    pub site: &'a Site,
    /// Who looks.
    pub signed: &'a Signed,
    /// At whom.
    pub mother: &'a Mother,
    /// What they must be allowed to do in a program.
    pub right: Right,
    /// In which her days are told.
    pub zone: Tz,
}

impl Sight<'_> {
    /// In which language they read.
    pub fn tongue(&self) -> Tongue {
        self.signed.tongue
    }

    /// Whether they see something that was done: of a program that is theirs, or of none.
    pub fn deed(&self, deed: &Deed) -> bool {
        self.program(deeds::program(deed))
    }
}

impl Shown for Sight<'_> {
    fn program(&self, program: Option<&str>) -> bool {
        program.is_none_or(|program| self.signed.may_in(self.right, consented(program)))
    }

    /// What came to a number that serves several programs is of each of them. Of one that is not in use any more nobody
    /// can tell: it is shown where nothing else is hidden.
    fn sender(&self, sender: &str) -> bool {
        match self.site.service.senders.get(sender) {
            Some(sender) => {
                let mut programs = sender.programs.iter();
                sender.programs.is_empty() || programs.any(|program| self.program(Some(program.as_str())))
            }
            None => !self.mother.elsewhere,
        }
    }

    fn enrollment(&self, id: Uuid) -> bool {
        self.mother.enrollments.iter().any(|enrollment| enrollment.id == id)
    }
}

/// The program that a record of consent is for: that to texts of support after a loss says so behind it.
pub fn consented(program: &str) -> &str {
    program.split(' ').next().unwrap_or(program)
}

/// The same by its name, in the reader's language where it has one there.
pub fn consented_by_name(tongue: Tongue, library: &Library, program: &str) -> String {
    let id = consented(program);
    let name = library.program(id).map_or(id, |known| known.name(spoken(tongue, known)));
    if id == program {
        return name.to_owned();
    }
    let support = match tongue {
        Tongue::En => "{name}, support after a loss",
        Tongue::Es => "{name}, apoyo tras una pérdida",
        Tongue::Ru => "{name}, поддержка после потери",
    };
    fill(support, &[("name", name)])
}

/// The reader's language, where a program speaks it.
pub fn spoken(tongue: Tongue, program: &Program) -> Language {
    let own = tongue.code().parse().ok().filter(|own| program.languages.contains(own));
    own.unwrap_or(program.languages[0])
}
