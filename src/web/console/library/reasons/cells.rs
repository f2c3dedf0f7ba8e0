//! What is wrong with a cell, and what was put back in it, in Spanish and Russian.

use super::{Said, lengths};
use crate::library::exchange::{Meant, Mended, Odd, Sign, WrongCell};
use crate::web::console::tongue::{Tongue, fill};

/// What is wrong with a cell, without its place.
pub fn wrong(cell: &WrongCell, tongue: Tongue) -> Said {
    let text = |value: &str| vec![("value", value.to_owned())];
    let sentence = match cell {
        WrongCell::Formula => (
            "es una fórmula: copie la celda y péguela como valor",
            "здесь формула. Скопируйте ячейку и вставьте её как значение",
            Vec::new(),
        ),
        WrongCell::Truth(truth) => (
            "es el valor lógico {value}: escríbalo como texto",
            "здесь логическое значение {value}. Напишите его текстом",
            text(logical(*truth, tongue)),
        ),
        WrongCell::Odd(Odd::Error(error)) => (
            "es el error {value}: escriba el valor como texto",
            "здесь ошибка {value}. Напишите значение текстом",
            text(error),
        ),
        WrongCell::Odd(Odd::Time(time)) => (
            "es una hora del día ({value}): escriba el valor como texto",
            "здесь время суток ({value}). Напишите значение текстом",
            text(time),
        ),
        WrongCell::Odd(Odd::Formula) => (
            "es una fórmula: escriba el valor como texto",
            "здесь формула. Напишите значение текстом",
            Vec::new(),
        ),
        WrongCell::Lengthy { length, most } => (
            "tiene {length} caracteres; una celda tiene {most} como máximo",
            "{length} знаков, а в ячейке их не больше {most}",
            lengths(*length, *most, tongue),
        ),
        WrongCell::DateForWords(date) => (
            "la hoja de cálculo la convirtió en fecha ({value}): escriba un apóstrofo antes de las palabras",
            "таблица превратила слова в дату ({value}). Поставьте перед ними апостроф",
            text(&date.to_string()),
        ),
        WrongCell::DateForNumber(date) => (
            "la hoja de cálculo la convirtió en fecha ({value}): escriba un número entero",
            "таблица превратила число в дату ({value}). Напишите целое число",
            text(&date.to_string()),
        ),
        WrongCell::NoNumber(shown) => (
            "dice «{value}»: escriba un número entero",
            "здесь «{value}». Напишите целое число",
            text(shown.bare()),
        ),
        WrongCell::NoDate { shown, meant } => (
            "dice «{value}»: escriba la fecha como {meant}",
            "здесь «{value}». Напишите дату как {meant}",
            vec![("value", shown.bare().to_owned()), ("meant", date(meant, tongue))],
        ),
    };
    Said::filled(sentence, tongue)
}

/// As spreadsheet programs write it in that language.
fn logical(truth: bool, tongue: Tongue) -> &'static str {
    match (truth, tongue) {
        (true, Tongue::Ru) => "ИСТИНА",
        (false, Tongue::Ru) => "ЛОЖЬ",
        (true, _) => "VERDADERO",
        (false, _) => "FALSO",
    }
}

fn date(meant: &Meant, tongue: Tongue) -> String {
    match (meant, tongue) {
        (Meant::Either(one, other), Tongue::Ru) => {
            format!("{one} или как {other}, смотря что имеется в виду")
        }
        (Meant::Either(one, other), _) => format!("{one} o como {other}, según cuál sea"),
        (one, _) => one.to_string(),
    }
}

/// What was put back.
pub fn mended(how: &Mended, tongue: Tongue) -> String {
    let (es, ru, signs): (_, _, &[Sign]) = match how {
        Mended::Spaces => (
            "solo se distingue en espacios o saltos de línea del texto de la biblioteca: se deja como estaba",
            "от слов в библиотеке отличаются только пробелы или переносы строк: оставлено как было",
            &[],
        ),
        Mended::Signs(signs) => (
            "solo se distingue en esto del texto de la biblioteca: {signs}. Se deja como estaba",
            "от слов в библиотеке отличается только это: {signs}. Оставлено как было",
            signs,
        ),
        Mended::Dear(signs) => (
            "esto costaría más SMS: {signs}. Se cambió por signos sencillos",
            "из-за этого было бы больше СМС: {signs}. Заменено простыми знаками",
            signs,
        ),
    };
    let named = |sign: &Sign| match (sign, tongue) {
        (Sign::Itself(sign), _) => sign.to_string(),
        (Sign::Unbreaking, Tongue::Ru) => "неразрывные пробелы".to_owned(),
        (Sign::Space, Tongue::Ru) => "особые пробелы".to_owned(),
        (Sign::Unbreaking, _) => "espacios duros".to_owned(),
        (Sign::Space, _) => "espacios especiales".to_owned(),
    };
    let signs: Vec<String> = signs.iter().map(named).collect();
    fill(if tongue == Tongue::Ru { ru } else { es }, &[("signs", &signs.join(" "))])
}
