//! What somebody reached for who may not.

use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What there is to reach for.
    pub Words {
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

/// What it was, by the word that is kept of it; none: it is not known here.
pub fn reached_for(tongue: Tongue, what: &str) -> Option<String> {
    let words = Words::of(tongue);
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
