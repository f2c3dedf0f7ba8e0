//! What the audit tells beyond what is told of a deed everywhere: roles as they were given, and who nobody's account is.

use crate::domain::role::Role;
use crate::web::console::tongue::{Tongue, words};
use crate::web::console::{accounts, deeds};

words! {
    /// What stands for the service's own words.
    pub Words {
        console: "the sign-in page", "la página de entrada", "страница входа";
    }
}

/// Who it was, where it was nobody with an account.
pub fn nobody(tongue: Tongue, actor: &str) -> String {
    match actor {
        "console" => Words::of(tongue).console.to_owned(),
        _ => deeds::by_itself(tongue, actor),
    }
}

/// What is said beside a deed.
pub fn told(tongue: Tongue, action: &str, detail: &str, called: &impl Fn(&str) -> String) -> String {
    match (action, detail.rsplit_once(": ")) {
        ("invite" | "grant", Some((name, roles))) => {
            let roles: Vec<String> = roles.split(", ").map(|role| given(tongue, role, called)).collect();
            format!("{name}: {}", roles.join(", "))
        }
        _ => deeds::detail(tongue, action, detail),
    }
}

/// A role as it was given: `viewer of text4baby-us`.
fn given(tongue: Tongue, text: &str, called: &impl Fn(&str) -> String) -> String {
    let (name, program) = text.split_once(" of ").map_or((text, None), |(name, of)| (name, Some(of)));
    let Some(role) = Role::named(name) else { return text.to_owned() };
    let role = accounts::role(tongue, role);
    program.map_or_else(|| role.to_owned(), |program| format!("{role} ({})", called(program)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_named_as_they_are_given() {
        let told = |action: &str, detail: &str| {
            super::told(Tongue::Es, action, detail, &|program| format!("<{program}>"))
        };
        assert_eq!(
            "Eva: Autor (<text4baby-us>), Observador",
            told("grant", "Eva: author of text4baby-us, viewer")
        );
        assert_eq!("su hermana llamó", told("export", "su hermana llamó"));
    }
}
