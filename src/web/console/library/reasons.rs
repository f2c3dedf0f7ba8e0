//! What is said of a file that comes in and of its rows, in the language of who reads it: why one is refused, what was put
//! back. English is said as the command line says it. Only the words of what reads a foreign format, and the checks' own
//! with their figures, are English for everybody: they stand behind a sentence, and are marked as English.

mod cells;
mod damage;
#[cfg(test)]
mod tests;

use self::cells::{mended, wrong};
use super::checks;
use crate::library::exchange::{Found, Note, Odd, Why, named};
use crate::web::console::tongue::{Tongue, fill};

pub use damage::damaged;

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In the language of who reads it.
    pub text: String,
    /// What is behind it, in another's words: English.
    pub english: Option<String>,
}

/// A sentence in Spanish and in Russian, with what fills it.
type Sentence = (&'static str, &'static str, Vec<(&'static str, String)>);

impl Said {
    fn plain(text: String) -> Self {
        Self { text, english: None }
    }

    fn filled((es, ru, values): Sentence, tongue: Tongue) -> Self {
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Self::plain(fill(if tongue == Tongue::Ru { ru } else { es }, &values))
    }
}

/// Why a row is not taken over.
pub fn why(why: &Why, tongue: Tongue) -> Said {
    match (why, tongue) {
        (Why::Found(found), Tongue::Es | Tongue::Ru) => check(found, tongue),
        (Why::Nameless { name, known, .. }, Tongue::En) => Said::plain(format!(
            "The sheet “{name}” is named like no program, so nobody knows whose tips these are: name it one of {}, or \
             upload it as the only sheet of its file",
            known.join(", ")
        )),
        (why, Tongue::En) => Said::plain(why.to_string()),
        (Why::Cell { place, wrong: cell }, tongue) => {
            let Said { text, english } = wrong(cell, tongue);
            Said { text: format!("{place}: {text}"), english }
        }
        (why, tongue) => Said::filled(refused(why, tongue), tongue),
    }
}

/// What else is to be said of a row, or of a file as a whole.
pub fn note(note: &Note, tongue: Tongue) -> Said {
    match (note, tongue) {
        (note, Tongue::En) => Said::plain(note.to_string()),
        (Note::Found(found), tongue) => check(found, tongue),
        (Note::Mended { place, how }, tongue) => {
            let text = mended(how, tongue);
            Said::plain(match place {
                Some(place) => format!("{place}: {text}"),
                None => text,
            })
        }
        (note, tongue) => Said::filled(noted(note, tongue), tongue),
    }
}

fn check(found: &Found, tongue: Tongue) -> Said {
    let other = match tongue {
        Tongue::Ru => "Проверка нашла ошибку.",
        _ => "Una comprobación encontró un error.",
    };
    let said = checks::said(found.check, tongue).unwrap_or(other);
    Said { text: format!("{said} [{}]", found.check), english: Some(found.message.clone()) }
}

fn refused(why: &Why, tongue: Tongue) -> Sentence {
    let place = |place: &str| vec![("place", place.to_owned())];
    match why {
        Why::Nameless { name, known, .. } => (
            "La hoja «{name}» no lleva el nombre de ningún programa, así que no se sabe de quién son estos consejos: \
             póngale uno de estos nombres: {known}; o cárguela como única hoja de su archivo",
            "Лист «{name}» не назван именем программы, поэтому неизвестно, чьи это советы: назовите его одним из этих имён: \
             {known}; или загрузите его единственным листом файла",
            vec![("name", name.clone()), ("known", known.join(", "))],
        ),
        Why::Headless(at) => (
            "{place} no está bajo ningún nombre de columna: ¿se corrió la fila?",
            "{place}: над ячейкой нет имени столбца. Строка сдвинута?",
            place(at),
        ),
        Why::Merged(at) => (
            "{place} son celdas combinadas: sepárelas y llene cada una",
            "{place}: ячейки объединены. Разъедините их и заполните каждую",
            place(at),
        ),
        Why::Twice { tip, other } => (
            "el id «{tip}» está aquí y en {other}: ¿cuál vale?",
            "id «{tip}» стоит здесь и в {other}: какой из них верный?",
            vec![("tip", tip.clone()), ("other", other.clone())],
        ),
        Why::NoId(at) => (
            "{place} está vacía: todo consejo tiene un id",
            "{place}: пусто, а у каждого совета есть id",
            place(at),
        ),
        Why::Foreign { place, tip, owner, program } => (
            "{place}: el consejo «{tip}» es de {owner}, no de {program}",
            "{place}: совет «{tip}» из программы {owner}, а не {program}",
            vec![
                ("place", place.clone()),
                ("tip", tip.clone()),
                ("owner", owner.clone()),
                ("program", program.clone()),
            ],
        ),
        Why::FieldEmptied { place, field } => (
            "{place} está vacía: «{field}» no se puede quitar, todo consejo lo lleva",
            "{place}: пусто. «{field}» убрать нельзя: это есть у каждого совета",
            vec![("place", place.clone()), ("field", field.clone())],
        ),
        Why::WordsEmptied { place, words } => (
            "{place} está vacía: «{words}» no se puede quitar, sin texto en cada idioma no hay consejo",
            "{place}: пусто. «{words}» убрать нельзя: без слов на каждом языке совета нет",
            vec![("place", place.clone()), ("words", words.clone())],
        ),
        Why::Overtaken => (
            "el consejo cambió en la biblioteca después de descargar este archivo, y esta fila desharía ese cambio: \
             descargue el archivo de nuevo y ponga en él su cambio",
            "после скачивания этого файла совет в библиотеке изменили, и эта строка отменила бы правку: скачайте файл снова \
             и внесите своё изменение в него",
            Vec::new(),
        ),
        Why::Unseen(fields) => (
            "solo se puede cambiar en una fila con su «fingerprint», que muestra qué texto se vio: {fields}. Descargue el \
             archivo de nuevo",
            "это меняют только в строке с её «fingerprint», по которому видно, какие слова читали: {fields}. Скачайте файл \
             снова",
            vec![("fields", named(fields))],
        ),
        Why::Lacking { place, columns } => (
            "{place}: a un consejo nuevo le falta también: {columns}",
            "{place}: новому совету нужно ещё: {columns}",
            vec![("place", place.clone()), ("columns", columns.join(", "))],
        ),
        Why::Nowhere(at) => (
            "{place}: un consejo nuevo necesita una serie («track») que exista, y su semana («week») o su pérdida («loss»)",
            "{place}: новому совету нужна существующая серия («track») и её неделя («week») или потеря («loss»)",
            place(at),
        ),
        Why::EntryTwice { tip, line } => (
            "el consejo «{tip}» está aquí y en la línea {line}: ¿cuál vale?",
            "совет «{tip}» стоит здесь и в строке {line}: какой из них верный?",
            vec![("tip", tip.clone()), ("line", line.to_string())],
        ),
        Why::NoContext => (
            "la entrada no lleva msgctxt, así que no se sabe de qué consejo es",
            "у записи нет msgctxt, поэтому неизвестно, какой это совет",
            Vec::new(),
        ),
        Why::NoTip { program, tip } => (
            "{program} no tiene el consejo «{tip}»: una traducción no puede añadir ninguno",
            "в {program} нет совета «{tip}»: перевод не может его добавить",
            vec![("program", program.clone()), ("tip", tip.clone())],
        ),
        Why::OtherWords(words) => (
            "se tradujo un texto distinto del que está ahora en la biblioteca, que es «{words}»: descargue el archivo de \
             nuevo y traduzca ese",
            "переведён не тот текст, который сейчас в библиотеке: «{words}». Скачайте файл снова и переведите его",
            vec![("words", words.clone())],
        ),
        Why::Untranslated => ("sin traducir", "не переведено", Vec::new()),
        Why::Fuzzy => (
            "marcado «fuzzy»: alguien debe revisarlo",
            "помечено «fuzzy»: кто-то должен это просмотреть",
            Vec::new(),
        ),
        Why::Lengthy { length, most } => (
            "la traducción tiene {length} caracteres; un texto tiene {most} como máximo",
            "в переводе {length} знаков, а в тексте их не больше {most}",
            lengths(*length, *most, tongue),
        ),
        // Told apart before.
        Why::Found(_) | Why::Cell { .. } => ("no se admite", "не принято", Vec::new()),
    }
}

fn noted(note: &Note, tongue: Tongue) -> Sentence {
    let at = |place: &str| vec![("place", place.to_owned())];
    let counted = |place: &str, count: usize, program: &str| {
        let count = tongue.number(count as i64);
        vec![("place", place.to_owned()), ("count", count), ("program", program.to_owned())]
    };
    match note {
        Note::SignsOnly(place) => (
            "{place}: solo cambian unos signos; se deja como estaba",
            "{place}: отличаются только знаки; оставлено как было",
            at(place),
        ),
        Note::StandingLeft(fields) => (
            "se deja como está en la biblioteca: {fields}. El archivo se descargó cuando el consejo decía otra cosa",
            "оставлено как в библиотеке: {fields}. Файл скачали, когда совет был другим",
            vec![("fields", named(fields))],
        ),
        Note::Draft => (
            "pasa a borrador porque cambia su texto: hay que revisarlo como está ahora",
            "становится черновиком, потому что слова меняются: их нужно проверить заново",
            Vec::new(),
        ),
        Note::NewDraft => (
            "entra como borrador: aquí nadie pudo revisarlo. Descargue el archivo de nuevo y fírmelo entonces",
            "поступает как черновик: здесь его никто не мог проверить. Скачайте файл снова и подпишите тогда",
            Vec::new(),
        ),
        Note::Stays(file) => {
            ("se queda en el archivo {file}", "остаётся в файле {file}", vec![("file", file.clone())])
        }
        Note::SheetUnread { name, .. } => {
            ("No se leyó la hoja «{name}».", "Лист «{name}» не прочитан.", vec![("name", name.clone())])
        }
        Note::SheetHidden(name) => (
            "La hoja «{name}» está oculta; se leyó de todos modos.",
            "Лист «{name}» скрыт, но прочитан.",
            vec![("name", name.clone())],
        ),
        Note::NoColumn { place, name } => (
            "{place}: no existe la columna «{name}»; no se leyó.",
            "{place}: столбца «{name}» не бывает; он не прочитан.",
            vec![("place", place.clone()), ("name", name.clone())],
        ),
        Note::NoColumnName { place, what } => {
            let name = match what {
                Odd::Formula => String::new(),
                odd => format!(" «{}»", odd.written()),
            };
            (
                "{place}: aquí no está el nombre de ninguna columna{name}; no se leyó.",
                "{place}: здесь нет имени столбца{name}; он не прочитан.",
                vec![("place", place.clone()), ("name", name)],
            )
        }
        Note::WithoutColumns { sheet, columns } => (
            "{place}: faltan estas columnas, y lo suyo queda como está: {columns}.",
            "{place}: этих столбцов нет, и всё в них остаётся как есть: {columns}.",
            vec![("place", sheet.clone()), ("columns", columns.join(", "))],
        ),
        Note::WithoutRow { sheet, count, program } => (
            "{place}: consejos de {program} sin fila aquí: {count}; quedan como están.",
            "{place}: советов {program} без строки: {count}; они остаются как есть.",
            counted(sheet, *count, program),
        ),
        Note::Obsolete { file, count } => (
            "{place}: entradas viejas (#~) que no se leyeron: {count}.",
            "{place}: старые записи (#~) не прочитаны: {count}.",
            counted(file, *count, ""),
        ),
        Note::WithoutEntry { file, count, program } => (
            "{place}: consejos de {program} que no están en él: {count}; quedan como están.",
            "{place}: советов {program}, которых в нём нет: {count}; они остаются как есть.",
            counted(file, *count, program),
        ),
        // Told apart before.
        Note::Found(_) | Note::Mended { .. } => ("se corrigió", "исправлено", Vec::new()),
    }
}

fn lengths(length: usize, most: usize, tongue: Tongue) -> Vec<(&'static str, String)> {
    vec![("length", tongue.number(length as i64)), ("most", tongue.number(most as i64))]
}
