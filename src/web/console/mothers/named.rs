//! What the codes of the database are called on her pages, in three languages.

use crate::web::console::tongue::Tongue;

/// A code and what it is called: in English, Spanish, Russian.
type Names = &'static [(&'static str, [&'static str; 3])];

/// What a code is called; one that nobody named is said to be something else.
fn called(tongue: Tongue, names: Names, code: &str) -> &'static str {
    let found = names.iter().find(|(known, _)| *known == code);
    let other = ["something else", "otra cosa", "другое"];
    found.map_or(other, |(_, names)| *names)[tongue as usize]
}

/// What is on record of her consent.
pub fn consent(tongue: Tongue, action: &str) -> &'static str {
    called(
        tongue,
        &[
            ("opt_in", ["agreed to texts", "aceptó recibir mensajes", "согласилась получать сообщения"]),
            ("opt_out", ["ended them", "los canceló", "отказалась от них"]),
            (
                "freeze",
                ["told of a loss: stopped", "contó una pérdida: detenidos", "сообщила о потере: остановлены"],
            ),
            ("moved", ["moved to another phone", "pasó a otro teléfono", "перешла на другой телефон"]),
            ("erased", ["her data was erased", "sus datos se borraron", "данные удалены"]),
        ],
        action,
    )
}

/// What has become of an enrollment.
pub fn enrollment(tongue: Tongue, state: &str) -> &'static str {
    called(
        tongue,
        &[
            ("active", ["active", "activa", "активна"]),
            ("stopped", ["stopped", "de baja", "отписана"]),
            ("frozen", ["after a loss", "tras una pérdida", "после потери"]),
            (
                "supported",
                ["after a loss, with support", "tras una pérdida, con apoyo", "после потери, с поддержкой"],
            ),
            ("replaced", ["replaced by a new one", "sustituida por otra", "заменена новой"]),
            ("completed", ["completed", "terminada", "завершена"]),
        ],
        state,
    )
}

/// How loud a state of an enrollment is.
pub fn enrollment_badge(state: &str) -> &'static str {
    match state {
        "active" => "good",
        "stopped" | "frozen" | "supported" => "warn",
        _ => "",
    }
}

/// A track.
pub fn track(tongue: Tongue, track: &str) -> &'static str {
    called(
        tongue,
        &[
            ("starter", ["first days", "primeros días", "первые дни"]),
            ("pregnancy", ["pregnancy", "embarazo", "беременность"]),
            ("baby", ["baby", "bebé", "малыш"]),
            ("farewell", ["farewell", "despedida", "прощание"]),
            (
                "loss-miscarriage",
                [
                    "support after a miscarriage",
                    "apoyo tras un aborto espontáneo",
                    "поддержка после выкидыша",
                ],
            ),
            (
                "loss-stillbirth",
                [
                    "support after a stillbirth",
                    "apoyo tras una muerte fetal",
                    "поддержка после мертворождения",
                ],
            ),
            (
                "loss-baby",
                [
                    "support after a baby’s death",
                    "apoyo tras la muerte del bebé",
                    "поддержка после смерти ребёнка",
                ],
            ),
            ("more", ["second text", "segundo mensaje", "второе сообщение"]),
        ],
        track,
    )
}

/// Who she is to the baby.
pub fn reader(tongue: Tongue, reader: &str) -> &'static str {
    called(
        tongue,
        &[
            ("mother", ["the mother", "la madre", "мама"]),
            ("partner", ["the father or partner", "el padre o la pareja", "отец или партнёр"]),
            (
                "grandparent",
                ["a grandparent or relative", "abuela, abuelo o familiar", "бабушка, дедушка или родные"],
            ),
            ("worker", ["a health worker", "personal de salud", "медицинский работник"]),
        ],
        reader,
    )
}

/// What has become of a visit.
pub fn visit(tongue: Tongue, state: &str) -> &'static str {
    called(
        tongue,
        &[
            ("noted", ["noted", "anotada", "записан"]),
            ("kept", ["took place", "tuvo lugar", "состоялся"]),
            ("missed", ["missed", "no fue", "пропущен"]),
            ("canceled", ["canceled", "cancelada", "отменён"]),
        ],
        state,
    )
}

/// What was promised.
pub fn promise(tongue: Tongue, kind: &str) -> &'static str {
    called(
        tongue,
        &[
            ("birth_news", ["Has the baby come?", "¿Ya nació el bebé?", "Малыш уже родился?"]),
            ("still_paused", ["Still paused?", "¿Sigue en pausa?", "Пауза продолжается?"]),
            ("visit_soon", ["A visit in three days", "Una cita en tres días", "Приём через три дня"]),
            ("visit_tomorrow", ["A visit tomorrow", "Una cita mañana", "Приём завтра"]),
            ("visit_after", ["Did the visit take place?", "¿Fue a la cita?", "Приём состоялся?"]),
            (
                "follow_up",
                [
                    "What follows an answer of hers",
                    "Lo que sigue a una respuesta suya",
                    "Продолжение после её ответа",
                ],
            ),
            ("still_you", ["Is it still you?", "¿Sigue siendo usted?", "Это всё ещё вы?"]),
        ],
        kind,
    )
}

/// What has become of what she asked a person.
pub fn help(tongue: Tongue, state: &str) -> &'static str {
    called(
        tongue,
        &[
            ("open", ["waits for an answer", "espera respuesta", "ждёт ответа"]),
            ("answered", ["answered", "respondida", "отвечено"]),
            ("closed", ["closed without an answer", "cerrada sin respuesta", "закрыто без ответа"]),
        ],
        state,
    )
}

/// A sign of danger.
pub fn sign(tongue: Tongue, sign: &str) -> &'static str {
    called(
        tongue,
        &[
            (
                "self-harm",
                ["thoughts of ending her life", "ideas de quitarse la vida", "мысли о самоубийстве"],
            ),
            ("baby-breathing", ["the baby’s breathing", "la respiración del bebé", "дыхание малыша"]),
            ("baby-unwell", ["the baby is unwell", "el bebé está mal", "малышу плохо"]),
            ("convulsion", ["convulsions", "convulsiones", "судороги"]),
            ("breathing", ["her breathing", "su respiración", "её дыхание"]),
            ("bleeding", ["bleeding", "sangrado", "кровотечение"]),
            ("injury", ["an injury", "una lesión", "травма"]),
            ("violence", ["violence", "violencia", "насилие"]),
            ("baby-fever", ["the baby’s fever", "fiebre del bebé", "температура у малыша"]),
            ("baby-feeding", ["the baby does not feed", "el bebé no come", "малыш не ест"]),
            ("waters", ["her waters broke", "rompió fuente", "отошли воды"]),
            ("movements", ["the baby moves less", "el bebé se mueve menos", "малыш меньше шевелится"]),
            ("headache", ["a bad headache", "fuerte dolor de cabeza", "сильная головная боль"]),
            ("vision", ["her sight", "su vista", "зрение"]),
            ("pain", ["pain", "dolor", "боль"]),
            ("swelling", ["swelling", "hinchazón", "отёки"]),
            ("fever", ["fever", "fiebre", "температура"]),
            ("poison", ["poison", "envenenamiento", "отравление"]),
        ],
        sign,
    )
}

/// Who ended her texts.
pub fn stopped_by(tongue: Tongue, by: &str) -> &'static str {
    called(
        tongue,
        &[
            (
                "keyword",
                ["she asked for it by text", "lo pidió por mensaje", "она попросила об этом в сообщении"],
            ),
            ("provider", ["the provider says so", "lo dice el proveedor", "так сообщает провайдер"]),
            (
                "unreachable",
                [
                    "texts in a row did not reach her phone",
                    "varios mensajes seguidos no llegaron a su teléfono",
                    "несколько сообщений подряд не дошли до её телефона",
                ],
            ),
            (
                "console",
                ["it was done here for her", "se hizo aquí en su nombre", "это сделано здесь по её просьбе"],
            ),
        ],
        by,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conversation::EnrollmentState;
    use crate::domain::danger::Sign;
    use crate::domain::plan::Reader;

    #[test]
    fn everything_has_its_name() {
        for tongue in Tongue::ALL {
            let other = called(tongue, &[], "");
            for state in EnrollmentState::ALL {
                assert_ne!(other, enrollment(tongue, state.name()));
            }
            for sign in Sign::ALL {
                assert_ne!(other, super::sign(tongue, sign.name()), "{}", sign.name());
            }
            for reader in Reader::ALL {
                assert_ne!(other, super::reader(tongue, reader.name()));
            }
        }
    }
}
