//! Which programs are meant, where a command takes some or all.

use super::{Library, Program};

/// A program that was asked for is not in the library.
#[derive(Debug, thiserror::Error)]
#[error("there is no program {asked:?}; the library has: {there}")]
pub struct NoSuchProgram {
    /// What was asked for.
    asked: String,
    /// What there is.
    there: String,
}

impl Library {
    /// The programs of these ids, in the order asked and each once; all of them if none is named.
    pub fn chosen(&self, ids: &[String]) -> Result<Vec<&Program>, NoSuchProgram> {
        if ids.is_empty() {
            return Ok(self.programs.values().collect());
        }
        let mut chosen: Vec<&Program> = Vec::new();
        for id in ids {
            let there = || self.programs.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let program =
                self.program(id).ok_or_else(|| NoSuchProgram { asked: id.clone(), there: there() })?;
            if chosen.iter().all(|other| other.id != program.id) {
                chosen.push(program);
            }
        }
        Ok(chosen)
    }
}
