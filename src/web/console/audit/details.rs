//! What else is written down of a deed, as people read it: kept in English and in the service's own words, shown in theirs.

use crate::domain::role::Role;
use crate::web::console::tongue::{Tongue, fill, words};
use crate::web::console::{accounts, deeds};

words! {
    /// What stands for the service's own words.
    pub Words {
        from: "from {address}", "desde {address}", "с адреса {address}";
        console: "the sign-in page", "la página de entrada", "страница входа";
        counts: "counts", "recuentos", "показатели";
        one_count: "a count", "un recuento", "подсчёт";
        text: "a text", "un mensaje", "сообщение";
        file: "a file of tips", "un archivo de consejos", "файл советов";
        new_tip: "a new tip", "un consejo nuevo", "новый совет";
        tip: "the tip {id}", "el consejo {id}", "совет {id}";
        enroll: "to enroll", "inscribir", "запись";
        review: "the review", "la revisión", "проверка";
        search: "a search by number", "una búsqueda por número", "поиск по номеру";
        broadcast: "a broadcast", "un envío masivo", "рассылка";
        library: "the library", "la biblioteca", "библиотека";
        partners: "organizations and places", "organizaciones y lugares", "организации и места";
        poster: "a poster", "un cartel", "плакат";
        item: "a question in the inbox", "un caso de los mensajes recibidos", "вопрос во входящих";
        reply: "a saved reply", "una respuesta guardada", "готовый ответ";
        mother: "a mother’s page", "la ficha de una madre", "страница мамы";
        questions: "questions", "preguntas", "вопросы";
        import: "a list", "una lista", "список";
        account: "an account", "una cuenta", "учётная запись";
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
    let words = Words::of(tongue);
    let known = match (action, detail) {
        ("sign in" | "sign-in failed", said) => {
            said.strip_prefix("from ").map(|address| fill(words.from, &[("address", address)]))
        }
        ("refused", what) => refused(words, what),
        ("invite" | "grant", said) => said.rsplit_once(": ").map(|(name, roles)| {
            let roles: Vec<String> = roles.split(", ").map(|role| given(tongue, role, called)).collect();
            format!("{name}: {}", roles.join(", "))
        }),
        _ => None,
    };
    known.unwrap_or_else(|| deeds::detail(tongue, action, detail))
}

/// What somebody may not reach.
fn refused(words: &Words, what: &str) -> Option<String> {
    let known = match what {
        "counts" => words.counts,
        "a count" => words.one_count,
        "text" => words.text,
        "a file of tips" => words.file,
        "a new tip" => words.new_tip,
        "enroll" => words.enroll,
        "review" => words.review,
        "a search by number" => words.search,
        "library" => words.library,
        "partners" => words.partners,
        "poster" => words.poster,
        "a mother" => words.mother,
        "questions" => words.questions,
        "import" => words.import,
        "account" => words.account,
        _ => {
            let (kind, id) = what.rsplit_once(' ')?;
            return Some(match kind {
                "tip" => fill(words.tip, &[("id", id)]),
                "broadcast" => words.broadcast.to_owned(),
                "item" => words.item.to_owned(),
                "saved reply" => words.reply.to_owned(),
                "import" => words.import.to_owned(),
                _ => return None,
            });
        }
    };
    Some(known.to_owned())
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
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_the_service_wrote_is_read_in_ones_own_language() {
        let told = |action: &str, detail: &str| {
            super::told(Tongue::Es, action, detail, &|program| format!("<{program}>"))
        };
        assert_eq!("desde 192.0.2.1", told("sign in", "from 192.0.2.1"));
        assert_eq!("el consejo us-preg-22", told("refused", "tip us-preg-22"));
        assert_eq!("un caso de los mensajes recibidos", told("refused", &format!("item {}", Uuid::nil())));
        assert_eq!(
            "Eva: Autor (<text4baby-us>), Observador",
            told("grant", "Eva: author of text4baby-us, viewer")
        );
        assert_eq!("su hermana llamó", told("export", "su hermana llamó"));
    }
}
