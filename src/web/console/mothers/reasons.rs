//! Why a text or an enrollment ended: the service writes plain English sentences ([`crate::domain::reason`]); here they
//! stand in three languages.

use crate::domain::reason;
use crate::web::console::tongue::{Tongue, fill};

/// A reason, and what it is called: in English, Spanish, Russian.
type Known = (&'static str, [&'static str; 3]);

const KNOWN: &[Known] = &[
    (reason::STOP, ["she texted STOP", "ella envió STOP", "она отправила СТОП"]),
    (
        reason::STOP_AT_CONSOLE,
        [
            "she asked for STOP, and it was done here",
            "pidió parar y se hizo aquí",
            "она попросила остановить, и это сделано здесь",
        ],
    ),
    (reason::LOSS, ["she told of a loss", "contó una pérdida", "она сообщила о потере"]),
    (
        reason::NO_LOSS,
        [
            "it was no loss, or of another baby",
            "no fue una pérdida, o fue de otro bebé",
            "это была не потеря или речь о другом ребёнке",
        ],
    ),
    (reason::SUPPORT, ["she said yes to support", "aceptó el apoyo", "она согласилась на поддержку"]),
    (reason::DATES, ["her dates changed", "cambiaron sus fechas", "изменились её даты"]),
    (reason::BORN, ["her baby was born", "nació su bebé", "её малыш родился"]),
    (reason::BABIES, ["she told how many babies", "contó cuántos bebés", "она сообщила, сколько детей"]),
    (reason::LESS, ["she asked for less", "pidió menos", "она попросила писать реже"]),
    (reason::MORE, ["she asked for more", "pidió más", "она попросила писать чаще"]),
    (reason::PAUSE, ["she asked for a pause", "pidió una pausa", "она попросила паузу"]),
    (
        reason::AGAIN,
        ["she asked for tips again", "pidió reanudar los consejos", "она попросила возобновить советы"],
    ),
    (reason::HOUR, ["she chose her hour", "eligió su hora", "она выбрала время"]),
    (
        reason::READER,
        ["she told who she is to the baby", "contó quién es para el bebé", "она сообщила, кто она малышу"],
    ),
    (
        reason::UNSEEN,
        [
            "she asked to be left unseen, or not any more",
            "pidió discreción, o dejó de pedirla",
            "она попросила скрывать сообщения или больше не скрывать",
        ],
    ),
    (reason::LANGUAGE, ["another language", "otro idioma", "другой язык"]),
    (reason::HOUSE, ["she moved", "se mudó", "она переехала"]),
    (reason::PHONE, ["she moved to another phone", "pasó a otro teléfono", "она перешла на другой телефон"]),
    (
        reason::OTHER_PHONE,
        ["another phone moved here", "otro teléfono pasó a este", "сюда перешёл другой телефон"],
    ),
    (reason::ANEW, ["she enrolled anew", "se inscribió de nuevo", "она записалась заново"]),
    (reason::HAD_STOPPED, ["she had stopped", "ya había parado", "она уже отказалась от сообщений"]),
    (
        reason::HAD_LOST,
        ["she had told of a loss", "había contado una pérdida", "до этого она сообщила о потере"],
    ),
    (
        reason::HAD_HIDDEN,
        [
            "she had asked that nothing be shown",
            "había pedido que no se viera nada",
            "она просила ничего не показывать",
        ],
    ),
    (
        reason::OTHER_PLAN,
        [
            "what it was planned from had changed",
            "cambió aquello con lo que se planificó",
            "изменилось то, из чего оно было запланировано",
        ],
    ),
    (reason::RECALLED, ["its tip was recalled", "el consejo fue retirado", "совет отозван"]),
    (reason::BROADCAST, ["its broadcast was stopped", "el envío masivo se detuvo", "рассылка остановлена"]),
    (
        reason::LATE,
        [
            "its time had passed before it could be sent",
            "su momento pasó antes de poder enviarlo",
            "его время прошло раньше, чем его удалось отправить",
        ],
    ),
    (
        reason::LATE_IN_DOUBT,
        [
            "it may have been sent, and its time passed before the gateway could say",
            "puede que se enviara, y su momento pasó antes de que la pasarela lo dijera",
            "возможно, оно отправлено, но время прошло раньше, чем шлюз это подтвердил",
        ],
    ),
    (
        reason::NOT_ALLOWED,
        [
            "our number may not text hers: it is no test number on the list, or its country is not served",
            "nuestro número no puede escribir al de ella: no está en la lista de prueba o no se atiende su país",
            "наш номер не может писать на её номер: его нет в списке тестовых, или её страна не обслуживается",
        ],
    ),
    (
        reason::BREAKS,
        [
            "the service broke when it began to send it",
            "el servicio falló al empezar a enviarlo",
            "служба дала сбой в начале отправки",
        ],
    ),
    (
        reason::BROKE,
        [
            "the service broke each time it began to send it: a person must look",
            "el servicio falló cada vez que empezó a enviarlo: debe revisarlo una persona",
            "служба давала сбой каждый раз в начале отправки: нужен человек",
        ],
    ),
    (
        reason::OPTED_OUT,
        [
            "the provider says she opted out there",
            "el proveedor dice que ella se dio de baja allí",
            "провайдер сообщает, что она отписалась у него",
        ],
    ),
    (
        reason::UNREACHABLE,
        [
            "texts in a row could not be delivered",
            "varios mensajes seguidos no se pudieron entregar",
            "несколько сообщений подряд не удалось доставить",
        ],
    ),
    (
        reason::NEVER_LEFT,
        [
            "it was never sent, and is tried again",
            "no llegó a enviarse y se intenta de nuevo",
            "оно не было отправлено, будет новая попытка",
        ],
    ),
    (
        reason::NEVER_SENT,
        [
            "it was never sent, and its time has passed",
            "no llegó a enviarse y su momento pasó",
            "оно не было отправлено, а его время прошло",
        ],
    ),
    (
        reason::WAITS_FOR_REPORT,
        [
            "it may have been sent: a report is awaited",
            "puede que se enviara: se espera un informe de entrega",
            "возможно, оно отправлено: ждём отчёт о доставке",
        ],
    ),
    (
        reason::PROVIDER_SILENT,
        [
            "it may have been sent: the provider does not say just now",
            "puede que se enviara: el proveedor no lo dice por ahora",
            "возможно, оно отправлено: провайдер пока не отвечает",
        ],
    ),
    (
        reason::PROVIDER_LATE,
        [
            "it may have been sent; the provider did not say until it was too late",
            "puede que se enviara; el proveedor no lo dijo hasta que ya era tarde",
            "возможно, оно отправлено; провайдер не ответил, пока не стало поздно",
        ],
    ),
    (
        reason::HANDED_AGAIN,
        [
            "it may have been sent: it is handed over again under its name, which the gateway takes once",
            "puede que se enviara: se entrega otra vez con el mismo nombre, que la pasarela acepta una sola vez",
            "возможно, оно отправлено: передаётся ещё раз под тем же именем, которое шлюз принимает один раз",
        ],
    ),
    (
        reason::ANSWERED_AGAIN,
        [
            "it may have been sent, but no report ever came: an answer is sent again",
            "puede que se enviara, pero no llegó ningún informe: una respuesta se repite",
            "возможно, оно отправлено, но отчёт не пришёл: ответ отправляется ещё раз",
        ],
    ),
    (
        reason::NOT_REPEATED,
        [
            "it may have been sent, but no report ever came: it is not sent again",
            "puede que se enviara, pero no llegó ningún informe: no se repite",
            "возможно, оно отправлено, но отчёт не пришёл: повторно не отправляется",
        ],
    ),
    // Of enrollments from before.
    (
        "the baby's first year is over",
        ["the baby’s first year is over", "el primer año del bebé terminó", "первый год малыша закончился"],
    ),
];

/// A pause that has an end.
const PAUSED_UNTIL: [&str; 3] =
    ["she asked for a pause until {day}", "pidió una pausa hasta el {day}", "она попросила паузу до {day}"];

/// Why a text or an enrollment ended, as the service writes it down; none for words of a provider.
pub fn of(tongue: Tongue, reason: &str) -> Option<&'static str> {
    let found = KNOWN.iter().find(|(known, _)| *known == reason)?;
    Some(found.1[tongue as usize])
}

/// The same as a deed keeps it: a pause with its end.
pub fn of_deed(tongue: Tongue, reason: &str) -> Option<String> {
    let until = reason::pause_end(reason);
    let until = until.map(|day| fill(PAUSED_UNTIL[tongue as usize], &[("day", &tongue.day(day))]));
    until.or_else(|| of(tongue, reason).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_the_service_has_its_words() {
        for reason in reason::ALL {
            for tongue in Tongue::ALL {
                assert!(of(tongue, reason).is_some_and(|words| !words.is_empty()), "{reason}");
            }
        }
    }
}
