//! What is exported, as people read it: of each table what says something to her, in words and in her time. All the
//! rest stands in the JSON.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{named, reasons};
use crate::flows::Vouched;
use crate::web::console::fates;
use crate::web::console::tongue::Tongue;

/// A table, as people read it.
pub struct Part {
    /// What it is about.
    pub name: &'static str,
    /// Its rows: what each column is called, and what stands in it.
    pub rows: Vec<Vec<(&'static str, String)>>,
}

type Named = [&'static str; 3];

/// Tables in the order in which they are read, with the columns that say something.
const TABLES: [(&str, Named, &str); 15] = [
    (
        "subscribers",
        ["Who she is", "Quién es", "Кто она"],
        "phone language place area zone reader discreet stopped_at blocked_at created_at",
    ),
    (
        "enrollments",
        ["Enrollments", "Inscripciones", "Записи в программы"],
        "program language state anchor_date enrolled_at partner reason terms",
    ),
    ("consents", ["Consent", "Consentimiento", "Согласие"], "at action program exchange"),
    ("inbox", ["What she wrote", "Lo que escribió", "Что она написала"], "received_at body"),
    ("history", ["Texts to her", "Mensajes para ella", "Сообщения ей"], "queued_at words text_state reason"),
    (
        "outbox",
        ["Texts that wait", "Mensajes en espera", "Ожидающие сообщения"],
        "queued_at words text_state",
    ),
    (
        "unread",
        ["What waits until she is alone", "Lo que espera a que esté sola", "Что ждёт, пока она будет одна"],
        "at body",
    ),
    ("visits", ["Visits", "Citas", "Приёмы"], "on_day at_time visit_state"),
    ("promises", ["What was promised", "Lo prometido", "Обещанное"], "due_at promise_kind"),
    ("answers", ["Her answers", "Sus respuestas", "Её ответы"], "at question outcome"),
    (
        "help_items",
        ["What a person was to read", "Lo que debía leer una persona", "Что должен был прочитать человек"],
        "opened_at help_state closed_by",
    ),
    ("help_texts", ["Texts of that", "Mensajes de ello", "Сообщения к этому"], "at body written_by"),
    (
        "planned",
        ["Tips that were due", "Consejos que tocaban", "Советы, которые полагались"],
        "occurs_on tip",
    ),
    ("agenda", ["What comes next", "Lo que sigue", "Что дальше"], "next_at program"),
    ("audit", ["What was done", "Lo que se hizo", "Что было сделано"], "at actor what detail"),
];

/// What a column is called.
const LABELS: [(&str, Named); 38] = [
    ("phone", ["Number", "Número", "Номер"]),
    ("language", ["Language", "Idioma", "Язык"]),
    ("place", ["Place", "Lugar", "Место"]),
    ("area", ["State or region", "Estado o región", "Штат или регион"]),
    ("zone", ["Time zone", "Zona horaria", "Часовой пояс"]),
    ("reader", ["Who she is to the baby", "Quién es para el bebé", "Кто она малышу"]),
    ("discreet", ["Discreet", "Discreción", "Скрытность"]),
    ("stopped_at", ["Stopped since", "Detenida desde", "Остановлено с"]),
    ("blocked_at", ["Blocked since", "Bloqueada desde", "Заблокировано с"]),
    ("created_at", ["Known since", "Conocida desde", "Известна с"]),
    ("program", ["Program", "Programa", "Программа"]),
    ("state", ["State", "Estado", "Состояние"]),
    ("text_state", ["State", "Estado", "Состояние"]),
    ("visit_state", ["State", "Estado", "Состояние"]),
    ("help_state", ["State", "Estado", "Состояние"]),
    ("anchor_date", ["Due date or birth", "Fecha de parto o nacimiento", "Дата родов или рождения"]),
    ("enrolled_at", ["Enrolled", "Inscrita", "Записана"]),
    ("partner", ["Came by the code", "Llegó con el código", "Пришла по коду"]),
    ("reason", ["Because", "Porque", "Причина"]),
    ("terms", ["As she asked", "Como pidió", "По её просьбе"]),
    ("at", ["When", "Cuándo", "Когда"]),
    ("received_at", ["When", "Cuándo", "Когда"]),
    ("queued_at", ["When", "Cuándo", "Когда"]),
    ("due_at", ["When", "Cuándo", "Когда"]),
    ("opened_at", ["When", "Cuándo", "Когда"]),
    ("next_at", ["When", "Cuándo", "Когда"]),
    ("on_day", ["Day", "Día", "День"]),
    ("occurs_on", ["Day", "Día", "День"]),
    ("at_time", ["Time", "Hora", "Время"]),
    ("action", ["What", "Qué", "Что"]),
    ("what", ["What", "Qué", "Что"]),
    ("promise_kind", ["What", "Qué", "Что"]),
    ("exchange", ["In these words", "Con estas palabras", "Этими словами"]),
    ("body", ["Words", "Texto", "Текст"]),
    ("words", ["Words", "Texto", "Текст"]),
    ("question", ["Question", "Pregunta", "Вопрос"]),
    ("outcome", ["Answer", "Respuesta", "Ответ"]),
    ("tip", ["Tip", "Consejo", "Совет"]),
];

const WHO: Named = ["Who", "Quién", "Кто"];
const DETAIL: Named = ["Detail", "Detalle", "Подробности"];

/// The tables that hold something.
pub fn parts(tongue: Tongue, zone: Tz, all: &Map<String, Value>) -> Vec<Part> {
    let part = |(table, name, columns): &(&str, Named, &str)| {
        let rows = all.get(*table)?.as_array()?.iter().filter_map(Value::as_object);
        let rows = rows.map(|row| {
            let cells = columns.split_whitespace().filter_map(|column| {
                let said = said(tongue, zone, column, row)?;
                Some((label(tongue, column), said))
            });
            cells.collect::<Vec<_>>()
        });
        let rows: Vec<_> = rows.filter(|row| !row.is_empty()).collect();
        (!rows.is_empty()).then_some(Part { name: name[tongue as usize], rows })
    };
    TABLES.iter().filter_map(part).collect()
}

fn label(tongue: Tongue, column: &str) -> &'static str {
    let found = LABELS.iter().find(|(known, _)| *known == column).map(|(_, names)| names);
    let other = if column == "detail" { &DETAIL } else { &WHO };
    found.unwrap_or(other)[tongue as usize]
}

/// What stands in a column, in words; none: nothing does.
fn said(tongue: Tongue, zone: Tz, column: &str, row: &Map<String, Value>) -> Option<String> {
    let stored = match column {
        "text_state" | "visit_state" | "help_state" => "state",
        "promise_kind" => "kind",
        "what" => "action",
        other => other,
    };
    let value = row.get(stored).filter(|value| !value.is_null())?;
    let text = value.as_str();
    let said = match (column, text) {
        ("text_state", _) => {
            let code = value.as_i64().and_then(|code| i16::try_from(code).ok());
            fates::Words::of(tongue).state(code?).to_owned()
        }
        ("discreet", _) => {
            if value.as_bool()? {
                "✓".to_owned()
            } else {
                return None;
            }
        }
        ("state", Some(state)) => named::enrollment(tongue, state).to_owned(),
        ("visit_state", Some(state)) => named::visit(tongue, state).to_owned(),
        ("help_state", Some(state)) => named::help(tongue, state).to_owned(),
        ("promise_kind", Some(kind)) => named::promise(tongue, kind).to_owned(),
        ("action", Some(action)) => named::consent(tongue, action).to_owned(),
        ("language", Some(code)) => tongue.language(code),
        ("reader", Some(reader)) => named::reader(tongue, reader).to_owned(),
        ("reason", Some(reason)) => reasons::of(tongue, reason).unwrap_or(reason).to_owned(),
        ("exchange", _) => exchange(value),
        (_, Some(text)) => moment(tongue, zone, text).unwrap_or_else(|| text.to_owned()),
        (_, None) => value.to_string(),
    };
    (!said.is_empty()).then_some(said)
}

/// The words shown and answered, one under the other.
fn exchange(turns: &Value) -> String {
    let turns = turns.as_array().into_iter().flatten();
    let said = turns.flat_map(|turn| {
        let said = |key: &str| turn.get(key)?.as_str().map(str::to_owned);
        let vouched = turn.get("vouched").and_then(|vouched| Vouched::deserialize(vouched).ok());
        let answered = said("answered").map(|words| format!("— {words}"));
        [said("shown"), answered, vouched.map(|vouched| vouched.told())].into_iter().flatten()
    });
    said.collect::<Vec<_>>().join("\n")
}

fn moment(tongue: Tongue, zone: Tz, text: &str) -> Option<String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(tongue.day(day));
    }
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    Some(tongue.moment(moment.to_utc(), zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_name() {
        for (table, _, columns) in TABLES {
            for column in columns.split_whitespace() {
                let known = LABELS.iter().any(|(label, _)| *label == column);
                let who = ["actor", "closed_by", "written_by", "detail"].contains(&column);
                assert!(known || who, "{table}.{column}");
            }
        }
    }
}
