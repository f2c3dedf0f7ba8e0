//! What else is written of a deed: the service's own words in the language of who reads them, what people wrote as they
//! wrote it, and no ids, which say nothing to anybody.

use chrono::NaiveDate;
use uuid::Uuid;

use super::refused;
use crate::domain::gestation::Loss;
use crate::web::console::enroll;
use crate::web::console::mothers::{named, reasons};
use crate::web::console::tongue::{Tongue, fill, words, zone_name};

words! {
    /// What the service notes beside deeds.
    pub Words {
        from: "from {address}", "desde {address}", "с адреса {address}";
        found: "found", "encontrada", "найдена";
        nobody: "nobody found", "no se encontró a nadie", "никто не найден";
        erased: "erased before", "borrada antes", "удалена раньше";
        older: "older texts", "mensajes anteriores", "более ранние сообщения";
        on: "on", "sí", "включено";
        off: "off", "no", "выключено";
        one_of_several: "one of several babies", "uno de varios bebés", "один из нескольких детей";
        rows: "rows: {rows}; good: {good}", "filas: {rows}; válidas: {good}", "строк: {rows}; подходят: {good}";
        recipients: "to {n} person|to {n} people", "a {n} persona|a {n} personas", "{n} получатель|{n} получателя|{n} получателей";
        undone: "it was none", "no lo fue", "её не было";
        babies: "{n} baby|{n} babies", "{n} bebé|{n} bebés", "{n} ребёнок|{n} ребёнка|{n} детей";
        unreachable: "{n} text could not be delivered|{n} texts in a row could not be delivered", "{n} mensaje no se pudo entregar|{n} mensajes seguidos no se pudieron entregar", "{n} сообщение не доставлено|{n} сообщения подряд не доставлены|{n} сообщений подряд не доставлены";
    }
}

/// What else is to be said of a deed.
pub fn detail(tongue: Tongue, action: &str, detail: &str) -> String {
    // Behind the service's part stands why a person did it, in their words.
    let (own, why) = match detail.find('“') {
        Some(0) => ("", Some(detail)),
        _ => match detail.split_once("; ") {
            Some((own, why)) if why.starts_with('“') => (own, Some(why)),
            _ => (detail, None),
        },
    };
    let own = known(tongue, action, own).unwrap_or_else(|| without_id(own).to_owned());
    let parts: Vec<&str> =
        [&*own, why.unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// The service's own words; none: they are somebody's, or are not known here.
fn known(tongue: Tongue, action: &str, own: &str) -> Option<String> {
    let words = Words::of(tongue);
    if own.is_empty() {
        return Some(String::new());
    }
    let said = match (action, own) {
        ("sign in" | "sign-in failed", told) => fill(words.from, &[("address", told.strip_prefix("from ")?)]),
        ("refused", what) => return refused::reached_for(tongue, what),
        ("stop", by) => named::stopped_by(tongue, by).to_owned(),
        ("terms", reason) => return reasons::of_deed(tongue, reason),
        ("role", reader) => named::reader(tongue, reader).to_owned(),
        ("language", code) => tongue.language(code),
        ("support", loss) => {
            let loss = Loss::ALL.into_iter().find(|known| known.name() == loss)?;
            named::track(tongue, crate::domain::gestation::Track::Loss(loss).name()).to_owned()
        }
        ("discreet", "on") => words.on.to_owned(),
        ("discreet", "off") => words.off.to_owned(),
        ("unfreeze", "one of several") => words.one_of_several.to_owned(),
        ("unfreeze", "undone") => words.undone.to_owned(),
        ("find mother", "found") => words.found.to_owned(),
        ("find mother", "nobody") => words.nobody.to_owned(),
        ("find mother", "erased") => words.erased.to_owned(),
        ("open mother", "older texts") => words.older.to_owned(),
        ("ask why", day) => tongue.day(day.parse::<NaiveDate>().ok()?),
        ("enroll refused", refused) => enroll::why_refused(tongue, refused)?.to_owned(),
        ("import checked", told) => return checked(tongue, without_id(told)),
        ("broadcast" | "submit broadcast", told) => return sent(tongue, without_id(told)),
        // Their program stands beside them.
        ("enroll" | "retime", _) => String::new(),
        ("birth", told) => tongue.counted(told.rsplit(", ").next()?.parse().ok()?, words.babies),
        ("place", zone) => zone_name(zone),
        ("unreachable", told) => tongue.counted(told.split(' ').next()?.parse().ok()?, words.unreachable),
        ("send text" | "resend", _) => String::new(),
        _ => return None,
    };
    Some(said)
}

/// What a list came to: `5 rows, 1 good`.
fn checked(tongue: Tongue, told: &str) -> Option<String> {
    let (rows, good) = told.strip_suffix(" good")?.split_once(" rows, ")?;
    let number = |figures: &str| Some(tongue.number(figures.parse().ok()?));
    Some(fill(Words::of(tongue).rows, &[("rows", &number(rows)?), ("good", &number(good)?)]))
}

/// To how many a broadcast went, and why: `to 3 people: the formula is recalled`.
fn sent(tongue: Tongue, told: &str) -> Option<String> {
    let (people, why) = told.strip_prefix("to ")?.split_once(" people: ")?;
    let people = tongue.counted(people.parse().ok()?, Words::of(tongue).recipients);
    Some(format!("{people}: {why}"))
}

fn without_id(detail: &str) -> &str {
    let (first, rest) = detail.split_once([':', ',', ' ']).unwrap_or((detail, ""));
    if Uuid::parse_str(first).is_ok() { rest.trim() } else { detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reason;

    #[test]
    fn the_services_part_is_told_in_the_language_of_who_reads() {
        let spanish = |action: &str, told: &str| detail(Tongue::Es, action, told);
        let why = "“she phoned; twice”";
        assert_eq!(format!("se hizo aquí en su nombre; {why}"), spanish("stop", &format!("console; {why}")));
        let paused = reason::pause(NaiveDate::from_ymd_opt(2027, 1, 5));
        assert_eq!("pidió una pausa hasta el 5 ene 2027", spanish("terms", &paused));
        assert_eq!(format!("pidió menos; {why}"), spanish("terms", &format!("{}; {why}", reason::LESS)));
        assert_eq!(why, spanish("freeze", why));
        assert_eq!(why, spanish("retime", &format!("text4baby-us; {why}")));
        assert_eq!("2 bebés", spanish("birth", "text4baby-us, 2"));
        assert_eq!("el padre o la pareja", spanish("role", "partner"));
        let id = Uuid::max();
        for (action, told) in [("resend", format!("{id} as {id}")), ("send text", id.to_string())] {
            assert_eq!("", spanish(action, &told));
        }
        assert_eq!("Ya recibe los mensajes del programa.", spanish("enroll refused", "before"));
        assert_eq!("filas: 5; válidas: 1", spanish("import checked", &format!("{id}: 5 rows, 1 good")));
        assert_eq!("a 3 personas: a recall", spanish("broadcast", &format!("{id} to 3 people: a recall")));
        assert_eq!("desde 192.0.2.1", spanish("sign in", "from 192.0.2.1"));
        assert_eq!("el consejo us-preg-22", spanish("refused", "tip us-preg-22"));
        assert_eq!("un caso de los mensajes recibidos", spanish("refused", &format!("item {}", Uuid::nil())));
        assert_eq!("la ficha de una madre", spanish("refused", "a mother"));
        assert_eq!("wrong", spanish("help closed", &format!("{id}: wrong")));
        assert_eq!("the clinic asked", spanish("reveal number", "the clinic asked"));
        for reason in [reason::LESS, reason::MORE, reason::PAUSE, reason::AGAIN, reason::HOUR, reason::BABIES]
        {
            for tongue in Tongue::ALL {
                assert!(known(tongue, "terms", reason).is_some());
            }
        }
    }
}
