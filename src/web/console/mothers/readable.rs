//! What is exported, as people read it: of each table what says something to her, in words and in her time. All the
//! rest stands in the JSON.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::sight::{consented_by_name, spoken};
use super::{named, reasons, terms};
use crate::domain::language::Language;
use crate::domain::plan::Terms;
use crate::flows::Vouched;
use crate::library::{Library, Program};
use crate::web::console::tongue::{Tongue, zone_name};
use crate::web::console::{deeds, fates, questions};

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

/// In which language it is read, in whose time, and by which library things are called.
pub struct Reading<'a> {
    /// The language.
    pub tongue: Tongue,
    /// Her zone.
    pub zone: Tz,
    /// The library in force.
    pub library: &'a Library,
}

impl Reading<'_> {
    /// The tables that hold something.
    pub fn parts(&self, all: &Map<String, Value>) -> Vec<Part> {
        let part = |(table, name, columns): &(&str, Named, &str)| {
            let rows = all.get(*table)?.as_array()?.iter().filter_map(Value::as_object);
            let rows = rows.map(|row| {
                let cells = columns.split_whitespace().filter_map(|column| {
                    let said = self.said(column, row).filter(|said| !said.is_empty())?;
                    Some((label(self.tongue, column), said))
                });
                cells.collect::<Vec<_>>()
            });
            let rows: Vec<_> = rows.filter(|row| !row.is_empty()).collect();
            (!rows.is_empty()).then_some(Part { name: name[self.tongue as usize], rows })
        };
        TABLES.iter().filter_map(part).collect()
    }

    /// What stands in a column, in words; none: nothing does. Only what a column says to be a day or a moment is read as
    /// one: what she wrote stands as she wrote it.
    fn said(&self, column: &str, row: &Map<String, Value>) -> Option<String> {
        let tongue = self.tongue;
        let stored = match column {
            "text_state" | "visit_state" | "help_state" => "state",
            "promise_kind" => "kind",
            "what" => "action",
            other => other,
        };
        let value = row.get(stored).filter(|value| !value.is_null())?;
        let text = || value.as_str();
        let own = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        Some(match column {
            "text_state" => {
                let code = value.as_i64().and_then(|code| i16::try_from(code).ok());
                fates::Words::of(tongue).state(code?).to_owned()
            }
            "discreet" => value.as_bool()?.then(|| "✓".to_owned())?,
            "state" => named::enrollment(tongue, text()?).to_owned(),
            "visit_state" => named::visit(tongue, text()?).to_owned(),
            "help_state" => named::help(tongue, text()?).to_owned(),
            "promise_kind" => named::promise(tongue, text()?).to_owned(),
            "action" => named::consent(tongue, text()?).to_owned(),
            "what" => deeds::named(tongue, text()?),
            "actor" | "closed_by" | "written_by" => deeds::by_itself(tongue, text()?),
            "detail" => deeds::detail(tongue, own("action"), text()?),
            "language" => tongue.language(text()?),
            "reader" => named::reader(tongue, text()?).to_owned(),
            "reason" => reasons::of(tongue, text()?).unwrap_or(text()?).to_owned(),
            "program" => consented_by_name(tongue, self.library, text()?),
            "zone" => zone_name(text()?),
            "question" => self.asked(row).map_or_else(|| own("question").to_owned(), |(asked, _)| asked),
            "outcome" => self.asked(row).map_or_else(|| own("outcome").to_owned(), |(_, came_to)| came_to),
            "terms" => {
                let terms = Terms::from_json(Some(&value.to_string()));
                let babies =
                    terms::babies(tongue, &terms).map(|(name, babies)| format!("; {name}: {babies}"));
                format!("{}{}", terms::rhythm(tongue, &terms), babies.unwrap_or_default())
            }
            "exchange" => exchange(value),
            "anchor_date" | "on_day" | "occurs_on" => tongue.day(text()?.parse().ok()?),
            "at" | "received_at" | "queued_at" | "due_at" | "opened_at" | "next_at" | "stopped_at"
            | "blocked_at" | "created_at" | "enrolled_at" => {
                let at = DateTime::parse_from_rfc3339(text()?).ok();
                at.map_or(text()?.to_owned(), |at| tongue.moment(at.to_utc(), self.zone))
            }
            _ => text().map_or_else(|| value.to_string(), str::to_owned),
        })
    }

    fn program(&self, id: &str) -> Option<&Program> {
        self.library.program(id)
    }

    /// The reader's language, where a program speaks it.
    fn language(&self, program: &Program) -> Language {
        spoken(self.tongue, program)
    }

    /// A question that she was asked, and what her answer came to.
    fn asked(&self, row: &Map<String, Value>) -> Option<(String, String)> {
        let own = |name: &str| row.get(name).and_then(Value::as_str);
        let program = self.program(own("program")?)?;
        questions::told(self.tongue, program, self.language(program), (own("question")?, own("outcome")?))
    }
}

fn label(tongue: Tongue, column: &str) -> &'static str {
    let found = LABELS.iter().find(|(known, _)| *known == column).map(|(_, names)| names);
    let other = if column == "detail" { &DETAIL } else { &WHO };
    found.unwrap_or(other)[tongue as usize]
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
