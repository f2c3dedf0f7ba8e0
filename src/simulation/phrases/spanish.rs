//! Spanish.

use super::Topic;

pub const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

pub fn phrases(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Yes => &["SÍ", "si", "Sí, gracias"],
        Topic::No => &["NO", "no"],
        Topic::Skip => &["OMITIR", "omitir"],
        Topic::Begin => &["{}"],
        Topic::Due => &["{}", "fecha de parto {}"],
        Topic::BirthDate => &["nació el {}", "mi bebé nació el {}"],
        Topic::Start => &["START", "start"],
        Topic::Help => &["AYUDA", "ayuda"],
        Topic::Stop => &["STOP", "ALTO", "ya no me manden mensajes", "cancelar", "dejen de escribirme"],
        Topic::Update => &["ACTUALIZAR", "actualizar"],
        Topic::Born => &["NACIDO", "nació"],
        Topic::BornDay => &["NACIDO {}", "mi bebé nació el {}"],
        Topic::BornDays => &["NACIDO {}"],
        Topic::NotYet => &["ESPERO", "todavía no"],
        Topic::Twins => &["GEMELOS", "gemelos"],
        Topic::Miscarried => &["PÉRDIDA", "perdí a mi bebé", "tuve un aborto"],
        Topic::Stillborn => &["PÉRDIDA", "mi bebé nació muerto", "perdí a mi bebé"],
        Topic::BabyDied => &["PÉRDIDA", "mi bebé murió", "falleció mi bebé"],
        Topic::Undo => &["DESHACER", "deshacer"],
        Topic::Less => &["MENOS", "menos"],
        Topic::More => &["MÁS", "mas"],
        Topic::Pause => &["PAUSA", "pausa"],
        Topic::PauseDays => &["PAUSA {}", "pausa {}"],
        Topic::Resume => &["SEGUIR", "seguir"],
        Topic::Hour => &["HORA {}", "hora {}"],
        Topic::Language => &["ESPAÑOL", "en español por favor"],
        Topic::NewPhone => &["CELULAR {}"],
        Topic::Place => &["ZIP {}", "zip {}"],
        Topic::Wrong => &["NÚMERO EQUIVOCADO", "se equivocó de número"],
        Topic::Details => &["DATOS", "datos"],
        Topic::Delete => &["BORRAR", "borrar mis datos"],
        Topic::Visit => &["CITA {}", "cita {}"],
        Topic::CancelVisit => &["CANCELAR CITA", "cancelar cita"],
        Topic::Safe => &["DISCRETO", "discreto"],
        Topic::SafeOff => &["VISIBLE", "visible"],
        Topic::Danger => {
            &["estoy sangrando mucho", "me duele mucho la cabeza y veo lucecitas", "mi bebé ya no se mueve"]
        }
        Topic::Question => {
            &["¿puedo comer sushi?", "qué crema sirve para la piel seca", "puedo viajar en avión"]
        }
        Topic::Thanks => &["gracias", "Muchas gracias", "ok"],
        Topic::Junk => &["asdfgh", "???", "👍", "12345678", "."],
        Topic::Machine => &["Estoy manejando. Te contesto más tarde."],
    }
}
