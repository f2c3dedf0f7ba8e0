//! Why a text or an enrollment ended: the service writes plain English sentences; here they stand in three languages.

use crate::web::console::tongue::Tongue;

/// Why a text or an enrollment ended, as the service writes it down; none for words of a provider.
pub fn of(tongue: Tongue, reason: &str) -> Option<&'static str> {
    const KNOWN: &[(&str, [&str; 3])] = &[
        ("she texted STOP", ["she texted STOP", "ella envió STOP", "она отправила СТОП"]),
        (
            "she asked for STOP, and it was done at the console",
            [
                "she asked for STOP, and it was done here",
                "pidió parar y se hizo aquí",
                "она попросила остановить, и это сделано здесь",
            ],
        ),
        ("she told of a loss", ["she told of a loss", "contó una pérdida", "она сообщила о потере"]),
        (
            "she had told of a loss",
            ["she had told of a loss", "había contado una pérdida", "до этого она сообщила о потере"],
        ),
        ("she had stopped", ["she had stopped", "ya había parado", "она уже отказалась от сообщений"]),
        ("her dates changed", ["her dates changed", "cambiaron sus fechas", "изменились её даты"]),
        ("her baby was born", ["her baby was born", "nació su bebé", "её малыш родился"]),
        ("she moved", ["she moved", "se mudó", "она переехала"]),
        (
            "she moved to another phone",
            ["she moved to another phone", "pasó a otro teléfono", "она перешла на другой телефон"],
        ),
        (
            "another phone moved here",
            ["another phone moved here", "otro teléfono pasó a este", "сюда перешёл другой телефон"],
        ),
        ("she enrolled anew", ["she enrolled anew", "se inscribió de nuevo", "она записалась заново"]),
        ("she asked for less", ["she asked for less", "pidió menos", "она попросила писать реже"]),
        ("she asked for more", ["she asked for more", "pidió más", "она попросила писать чаще"]),
        ("she asked for a pause", ["she asked for a pause", "pidió una pausa", "она попросила паузу"]),
        (
            "she asked for tips again",
            ["she asked for tips again", "pidió reanudar los consejos", "она попросила возобновить советы"],
        ),
        ("she chose her hour", ["she chose her hour", "eligió su hora", "она выбрала время"]),
        (
            "she told how many babies",
            ["she told how many babies", "contó cuántos bebés", "она сообщила, сколько детей"],
        ),
        (
            "she said yes to support",
            ["she said yes to support", "aceptó el apoyo", "она согласилась на поддержку"],
        ),
        (
            "it was no loss, or of another baby",
            [
                "it was no loss, or of another baby",
                "no fue una pérdida, o fue de otro bebé",
                "это была не потеря или речь о другом ребёнке",
            ],
        ),
        ("another language", ["another language", "otro idioma", "другой язык"]),
        (
            "she told who she is to the baby",
            [
                "she told who she is to the baby",
                "contó quién es para el bebé",
                "она сообщила, кто она малышу",
            ],
        ),
        (
            "she asked to be left unseen, or not any more",
            [
                "she asked to be left unseen, or not any more",
                "pidió discreción, o dejó de pedirla",
                "она попросила скрывать сообщения или больше не скрывать",
            ],
        ),
        (
            "she had asked that nothing be shown",
            [
                "she had asked that nothing be shown",
                "había pedido que no se viera nada",
                "она просила ничего не показывать",
            ],
        ),
        (
            "the provider says she opted out there",
            [
                "the provider says she opted out there",
                "el proveedor dice que ella se dio de baja allí",
                "провайдер сообщает, что она отписалась у него",
            ],
        ),
        (
            "texts in a row could not be delivered",
            [
                "texts in a row could not be delivered",
                "varios mensajes seguidos no se pudieron entregar",
                "несколько сообщений подряд не удалось доставить",
            ],
        ),
        (
            "the baby's first year is over",
            [
                "the baby’s first year is over",
                "el primer año del bebé terminó",
                "первый год малыша закончился",
            ],
        ),
        ("its tip was recalled", ["its tip was recalled", "el consejo fue retirado", "совет отозван"]),
        (
            "its broadcast was stopped",
            ["its broadcast was stopped", "el envío masivo se detuvo", "рассылка остановлена"],
        ),
        (
            "what it was planned from had changed",
            [
                "what it was planned from had changed",
                "cambió aquello con lo que se planificó",
                "изменилось то, из чего оно было запланировано",
            ],
        ),
        (
            "its time had passed before it could be sent",
            [
                "its time had passed before it could be sent",
                "su momento pasó antes de poder enviarlo",
                "его время прошло раньше, чем его удалось отправить",
            ],
        ),
        (
            "it may have been sent, and its time passed before its gateway could say",
            [
                "it may have been sent, and its time passed before the gateway could say",
                "puede que se enviara, y su momento pasó antes de que la pasarela lo dijera",
                "возможно, оно отправлено, но время прошло раньше, чем шлюз это подтвердил",
            ],
        ),
    ];
    let found = KNOWN.iter().find(|(known, _)| *known == reason)?;
    Some(found.1[tongue as usize])
}
