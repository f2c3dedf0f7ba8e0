//! What a cell says of her consent. Nobody is enrolled on a word that is not known to mean yes: a refusal can be written
//! in more ways than anybody can list, and a list says nothing of a woman whom it does not understand.

use crate::domain::keyword::fold;
use crate::library::spreadsheet::Cell;

/// What a cell comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// She agreed.
    Yes,
    /// She did not.
    No,
    /// It does not say.
    Unclear,
    /// There is nothing in it.
    Missing,
}

/// Serial numbers of days, as a spreadsheet program makes them of the day on which she agreed.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;
/// A name has no more words.
const LONGEST_NAME: usize = 3;

/// That she agreed, or how: each is enough by itself. Folded, as all words here: without accents.
const WAYS: &[&str] = &[
    "yes y yep yeah true ok okay agreed agrees agree consented consents consent accepted accepts",
    "paper written writing signed signature form verbal verbally oral orally aloud spoken voice phone telephone",
    "person personally face tablet online website web whatsapp sms text email",
    "si verdadero acepta acepto aceptado acuerdo conforme consiente consintio consentimiento autoriza autorizo",
    "autorizado papel escrito firmado firmada firmo firma formulario impreso oralmente verbalmente palabra voz telefono",
    "telefonica telefonicamente llamada persona presencial personalmente mensaje tableta linea correo",
    "да истина согласна согласен согласие согласилась подтвердила подтверждено",
    "бумага бумаге бумажное бумажная письменно письменное письменная подпись подписью подписала подписано анкета анкете",
    "форма форме бланк бланке устно устное словах вслух голосом лично очно телефон телефону телефонный звонок смс",
    "сообщением онлайн сайт сайте почте планшет планшете",
];

/// What stands beside it and changes nothing.
const BESIDE: &[&str] = &[
    "on in at the a an of via through over during and she i was gave given obtained received said clinic hospital office",
    "visit appointment intake desk registration enrollment copy file kept attached scan scanned electronic",
    "electronically digital message from me us our date dated",
    "en de del la el los las un una su al y dio dado dada dijo que lo fue durante consulta clinica hospital visita cita",
    "oficina mostrador centro salud ella yo mediante copia archivo archivado adjunto hoja electronico electronica digital",
    "fecha ante",
    "на в по с и у из при она я от о об дала дано получено клинике клиника больнице поликлинике консультации приеме визите",
    "кабинете через во разговоре своих ее электронная электронное копия оригинал дата",
];

/// What is so only behind another word: by itself it may be something still to be done.
const BEHIND: [(&str, &str); 3] = [("phone", "call"), ("telephone", "call"), ("face", "to")];

const MONTHS: &[&str] = &[
    "january february march april may june july august september october november december",
    "jan feb mar apr jun jul aug sep sept oct nov dec",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
];

/// Behind these stands who heard it: a name of a few words, each with a capital letter.
const WHO: &[&str] = &[
    "by with dr doctor nurse midwife mr mrs ms staff por con doctora dra enfermera enfermero partera",
    "врач врача врачом врачу медсестра медсестре медсестрой акушерка акушерке акушеркой фельдшер",
];

/// What stands within a name.
const PARTICLES: &[&str] = &["de del la las los y van von da dos"];

/// No, as the first word or the last.
const NO: &[&str] = &[
    "no not non none never nope n false nil 0",
    "nunca jamas ninguno ninguna falso sin",
    "нет не ни никогда ложь н без",
];

/// How words begin that are a refusal wherever they stand.
const REFUSALS: [&str; 20] = [
    "declin",
    "refus",
    "reject",
    "withdr",
    "revok",
    "revoc",
    "denied",
    "deny",
    "disagree",
    "dissent",
    "optout",
    "rechaz",
    "nego",
    "niega",
    "retir",
    "отказ",
    "отозв",
    "отклон",
    "против",
    "несоглас",
];

/// Ticks, and what is put in their place.
const TICKS: [&str; 6] = ["✓", "✔", "☑", "✅", "+", "1"];
/// What is put where there is nothing to say.
const NOTHING: [&str; 4] = ["n/a", "#n/a", "n.a.", "н/д"];

/// What a cell says.
pub fn answer(cell: Option<&Cell>) -> Answer {
    match cell {
        None => Answer::Missing,
        Some(Cell::Truth(true) | Cell::Date(_)) => Answer::Yes,
        Some(Cell::Truth(false)) => Answer::No,
        Some(Cell::Number(number)) if *number == 0.0 => Answer::No,
        Some(Cell::Number(number)) if *number == 1.0 || SERIALS.contains(number) => Answer::Yes,
        Some(Cell::Number(_) | Cell::Formula | Cell::Other(_)) => Answer::Unclear,
        Some(Cell::Text(text)) => said(text.trim().trim_start_matches('\'').trim()),
    }
}

fn said(text: &str) -> Answer {
    let folded = fold(text);
    if text.is_empty() {
        return Answer::Missing;
    }
    if TICKS.contains(&&*folded) {
        return Answer::Yes;
    }
    let words = words(text);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Answer::Unclear };
    if NOTHING.contains(&&*folded) {
        return Answer::Unclear;
    }
    let refuses = |word: &Word| REFUSALS.iter().any(|refusal| word.folded.starts_with(refusal));
    if is(NO, &first.folded) || is(NO, &last.folded) || words.iter().any(refuses) {
        return Answer::No;
    }
    let of_a_date = |word: &Word| word.is_number() || is(MONTHS, &word.folded);
    let dated = (3..=4).contains(&words.len()) && words.iter().all(of_a_date);
    // What asks does not answer.
    let yes = !text.contains('?') && (dated || tells_how(&words));
    if yes { Answer::Yes } else { Answer::Unclear }
}

/// Whether every word is known, and one of them says how.
fn tells_how(words: &[Word]) -> bool {
    // How many words of a name may still come.
    let (mut how, mut name) = (false, 0);
    let mut before = "";
    for (place, word) in words.iter().enumerate() {
        let it = word.folded.as_str();
        // "Form no. 12".
        let numbered = it == "no" && words.get(place + 1).is_some_and(Word::is_number);
        let beside = is(BESIDE, it) || is(MONTHS, it) || word.is_number() || BEHIND.contains(&(before, it));
        match () {
            () if is(WAYS, it) => (how, name) = (true, 0),
            () if is(WHO, it) => name = LONGEST_NAME,
            // María del Carmen.
            () if name > 0 && is(PARTICLES, it) => {}
            () if beside || numbered => name = 0,
            () if name > 0 && word.capital => name -= 1,
            () => return false,
        }
        before = it;
    }
    how
}

/// A word: folded, and whether it was written with a capital letter.
struct Word {
    folded: String,
    capital: bool,
}

impl Word {
    fn is_number(&self) -> bool {
        self.folded.chars().all(|c| c.is_ascii_digit())
    }
}

fn words(text: &str) -> Vec<Word> {
    // What folding drops, such as an apostrophe or an accent by itself, parts no words.
    let parts = |c: char| !c.is_alphanumeric() && !fold(c.encode_utf8(&mut [0; 4])).is_empty();
    let found = text.split(parts).filter(|word| word.chars().any(char::is_alphanumeric));
    found.map(|word| Word { folded: fold(word), capital: word.starts_with(char::is_uppercase) }).collect()
}

fn is(lists: &[&str], word: &str) -> bool {
    lists.iter().any(|list| list.split(' ').any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn only_what_is_known_to_mean_yes_is_a_yes() {
        for text in [
            "on paper",
            "paper",
            "Aloud at the clinic",
            "on the phone",
            "by phone call",
            "Yes",
            "yes, verbal",
            "YES (signed form on file)",
            "verbal, nurse Ana López, 20 Nov 2026",
            "Signed by María del Carmen",
            "Consent form no. 123, signed",
            "face-to-face",
            "in person",
            "She said yes at the desk",
            "TRUE",
            "y",
            "✓",
            "✔\u{fe0f}",
            "1",
            "2026-11-20",
            "20 November 2026",
            "en papel",
            "de palabra en la clínica",
            "por teléfono",
            "Sí",
            "si\u{301}, por escrito",
            "VERDADERO",
            "dijo que sí",
            "firmó el formulario con Dra. Ruiz",
            "на бумаге",
            "устно в клинике",
            "по телефону",
            "Да",
            "да, подписала на приёме",
            "лично, медсестре Петровой",
            "на словах",
            "ИСТИНА",
            "согласна",
        ] {
            assert_eq!(Answer::Yes, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
        for text in [
            "no",
            "No.",
            "no (refused)",
            "NO - by phone",
            "not yet",
            "none",
            "declined",
            "She declined on paper",
            "refused by phone",
            "withdrawn",
            "she said no",
            "N",
            "false",
            "0",
            "нет",
            "нет.",
            "Нет, отказалась",
            "отказ",
            "не согласна",
            "согласия нет",
            "ЛОЖЬ",
            "rechazó",
            "No dio su consentimiento",
            "dijo que no",
            "FALSO",
            "sin consentimiento",
        ] {
            assert_eq!(Answer::No, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
        for text in [
            "pending",
            "-",
            "—",
            "?",
            "yes?",
            "N/A",
            "#N/A",
            "x",
            "✗",
            "to phone",
            "call by phone",
            "call her",
            "phone her",
            "will sign on paper",
            "to be signed",
            "phone busy",
            "left voicemail by phone",
            "by phone. Busy",
            "asked on paper",
            "maybe",
            "yes but no texts",
            "pendiente",
            "lo está pensando",
            "ожидает",
            "подумает",
            "12",
            "ورقة",
            "<b>@</b>",
        ] {
            assert_eq!(Answer::Unclear, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
    }

    #[test]
    fn what_a_spreadsheet_makes_of_it() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        for (cell, said) in [
            (None, Answer::Missing),
            (Some(Cell::Text(" ' ".to_owned())), Answer::Missing),
            (Some(Cell::Truth(true)), Answer::Yes),
            (Some(Cell::Truth(false)), Answer::No),
            (Some(Cell::Number(1.0)), Answer::Yes),
            (Some(Cell::Number(0.0)), Answer::No),
            (Some(Cell::Number(7.0)), Answer::Unclear),
            (Some(Cell::Number(46_346.0)), Answer::Yes),
            (Some(Cell::Date(day)), Answer::Yes),
            (Some(Cell::Other("the error #N/A".to_owned())), Answer::Unclear),
            (Some(Cell::Formula), Answer::Unclear),
        ] {
            assert_eq!(said, answer(cell.as_ref()), "{cell:?}");
        }
    }
}
