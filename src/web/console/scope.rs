//! Of which programs a page of counts tells: those that somebody may count, or the one of them that they chose.

use super::access::Signed;
use super::form::{Field, Typed};
use super::refusal::Refusal;
use super::tongue::words;
use crate::domain::role::Right;
use crate::flows::senders::Sender;
use crate::web::Site;

words! {
    /// What the choice says.
    pub Words {
        program: "Program", "Programa", "Программа";
        every: "Every program", "Todos los programas", "Все программы";
    }
}

/// Of which programs.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Those that they may count in, which may be gone from the library; none: every one.
    reached: Option<Vec<String>>,
    /// Those in which they may count of the library.
    all: Vec<String>,
    /// The one they chose.
    chosen: Option<String>,
}

impl Scope {
    /// What somebody may count, and chose. Another's program is not there.
    pub async fn read(site: &Site, signed: &Signed, typed: &Typed) -> Result<Self, Refusal> {
        signed.need(Right::Count)?;
        let all = signed.programs(site, Right::Count);
        let chosen = Some(typed.get("program")).filter(|program| !program.is_empty()).map(str::to_owned);
        if let Some(program) = &chosen {
            signed.reach(site, Right::Count, program, "counts").await?;
            // Who may count everywhere is told of what there is, too.
            if !all.contains(program) {
                return Err(Refusal::NotFound);
            }
        }
        Ok(Self { reached: signed.reaches(Right::Count), all, chosen })
    }

    /// The programs that queries are narrowed to; none: everything, also what is of no program.
    pub fn programs(&self) -> Option<Vec<String>> {
        match &self.chosen {
            Some(program) => Some(vec![program.clone()]),
            None => self.reached.clone(),
        }
    }

    /// The programs, each by its name.
    pub fn each(&self) -> Vec<String> {
        self.programs().unwrap_or_else(|| self.all.clone())
    }

    /// Whether a program is among them.
    pub fn covers(&self, program: &str) -> bool {
        match &self.chosen {
            Some(chosen) => chosen == program,
            None => self.reaches(program),
        }
    }

    fn reaches(&self, program: &str) -> bool {
        self.reached.as_ref().is_none_or(|reached| reached.iter().any(|known| known == program))
    }

    /// Whether all that concerns a sender concerns them: what is said of it may name another program's matters.
    pub fn covers_sender(&self, sender: &Sender) -> bool {
        self.is_all() || sender.programs.iter().all(|program| self.reaches(program))
    }

    /// Whether a sender serves any of them.
    pub fn served_by(&self, sender: &Sender) -> bool {
        self.is_all() || sender.programs.iter().any(|program| self.covers(program))
    }

    /// Whether it is everything.
    pub fn is_all(&self) -> bool {
        self.chosen.is_none() && self.reached.is_none()
    }

    /// As it stands in an address.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        self.chosen.iter().map(|program| ("program", program.clone())).collect()
    }

    /// The field by which one is chosen; none where there is nothing to choose.
    pub fn field(&self, signed: &Signed) -> Option<Field> {
        if self.all.len() < 2 {
            return None;
        }
        let words = Words::of(signed.tongue);
        let mut choices = vec![(String::new(), words.every.to_owned())];
        choices.extend(self.all.iter().map(|program| (program.clone(), program.clone())));
        let mut field = Field::choice("program", words.program, choices).optional();
        field.value = self.chosen.clone().unwrap_or_default();
        Some(field)
    }
}
