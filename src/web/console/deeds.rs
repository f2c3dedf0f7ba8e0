//! What is written down of what people saw and did (`flows::auditing`), in the language of who reads it.

mod details;
mod refused;

pub use self::details::detail;

use super::tongue::{Tongue, fill, words};
use crate::flows::auditing::told_program;
use crate::flows::publishing::START;
use crate::store::audits::Deed;

/// What deeds are called, in the order of their names.
const DEEDS: &[(&str, [&str; 3])] = &[
    ("approve broadcast", ["approved a broadcast", "aprobó un envío masivo", "рассылка одобрена"]),
    ("approve tip", ["signed a tip", "firmó un consejo", "совет подписан"]),
    (
        "ask why",
        [
            "looked why she got a text or none",
            "miró por qué recibió o no un mensaje",
            "выяснено, почему сообщение пришло или нет",
        ],
    ),
    ("assign review", ["asked somebody to review", "pidió una revisión", "назначена проверка"]),
    ("birth", ["recorded a birth", "registró un nacimiento", "отмечены роды"]),
    ("broadcast", ["sent a broadcast", "hizo un envío masivo", "рассылка отправлена"]),
    ("change broadcast", ["changed a broadcast", "cambió un envío masivo", "рассылка изменена"]),
    ("change password", ["changed the password", "cambió la contraseña", "пароль изменён"]),
    (
        "change saved reply",
        ["changed a saved reply", "cambió una respuesta guardada", "изменён готовый ответ"],
    ),
    ("choose password", ["chose a password", "eligió una contraseña", "выбран пароль"]),
    ("close account", ["closed an account", "cerró una cuenta", "учётная запись закрыта"]),
    (
        "codes off",
        ["turned sign-in codes off", "desactivó los códigos de acceso", "коды для входа отключены"],
    ),
    ("codes on", ["turned sign-in codes on", "activó los códigos de acceso", "коды для входа включены"]),
    (
        "correct",
        [
            "told women of a mistake in a tip",
            "avisó de un error en un consejo",
            "сообщено об ошибке в совете",
        ],
    ),
    ("discard draft", ["threw a draft away", "descartó un borrador", "черновик удалён"]),
    (
        "discreet",
        [
            "texts hidden on her screen, on or off",
            "mensajes discretos, sí o no",
            "скрытые сообщения, вкл. или выкл.",
        ],
    ),
    ("end session", ["ended a session", "cerró una sesión", "сеанс завершён"]),
    ("enroll", ["enrolled her", "la inscribió", "мама записана"]),
    (
        "enroll refused",
        [
            "tried to enroll her, and it was refused",
            "intentó inscribirla y no fue posible",
            "в записи отказано",
        ],
    ),
    ("erase", ["asked to erase her data", "pidió borrar los datos de ella", "запрошено удаление данных"]),
    ("export", ["downloaded data", "descargó datos", "данные выгружены"]),
    ("find mother", ["looked for a number", "buscó un número", "поиск по номеру"]),
    (
        "freeze",
        [
            "stopped the tips after a loss",
            "detuvo los consejos tras una pérdida",
            "советы остановлены после потери",
        ],
    ),
    ("grant", ["changed somebody’s roles", "cambió los permisos de alguien", "изменены чьи-то роли"]),
    ("help answered", ["answered her", "le contestó", "ей ответили"]),
    ("help closed", ["closed her question", "cerró su caso", "вопрос закрыт"]),
    ("help handed on", ["handed her question on", "pasó el caso a otra persona", "вопрос передан"]),
    ("help note", ["wrote a note to her question", "anotó algo en el caso", "добавлена заметка"]),
    ("help put back", ["gave her question back", "soltó el caso", "вопрос возвращён в общий список"]),
    ("help taken", ["took her question to answer", "tomó el caso para contestar", "вопрос взят для ответа"]),
    ("help taken over", ["took her question over", "tomó el caso de otra persona", "вопрос взят у другого"]),
    ("import", ["enrolled from a list", "inscribió desde una lista", "записаны по списку"]),
    ("import checked", ["checked a list", "comprobó una lista", "список проверен"]),
    ("import forgotten", ["deleted a list", "borró una lista", "список удалён"]),
    (
        "import seen",
        ["looked at a list of another", "vio una lista de otra persona", "просмотрен чужой список"],
    ),
    ("invite", ["let somebody in", "invitó a alguien", "приглашён сотрудник"]),
    ("language", ["changed her language", "cambió el idioma de ella", "изменён её язык"]),
    ("lift recall", ["let a tip be sent again", "permitió enviar de nuevo un consejo", "отзыв совета снят"]),
    ("move", ["moved her to a new number", "la pasó a un número nuevo", "перенесена на новый номер"]),
    (
        "move_offered",
        ["asked to move to a new number", "pidió pasar a un número nuevo", "запрошен перенос на новый номер"],
    ),
    ("new link", ["gave somebody a new link", "dio un enlace nuevo a alguien", "выдана новая ссылка"]),
    ("open account", ["opened an account again", "reabrió una cuenta", "учётная запись открыта снова"]),
    ("open mother", ["opened her page", "abrió la ficha de la madre", "открыта её страница"]),
    ("place", ["changed where she lives", "cambió el lugar donde vive", "изменено место жительства"]),
    (
        "provider_opt_out",
        ["stopped at the provider", "se dio de baja en el proveedor", "отписка у провайдера"],
    ),
    ("publish", ["published an edition", "publicó una edición", "издание опубликовано"]),
    ("read item", ["read her question", "leyó el caso", "вопрос прочитан"]),
    ("recall", ["recalled a tip", "retiró un consejo", "совет отозван"]),
    ("refused", ["was refused", "no tuvo permiso", "отказано в доступе"]),
    ("remark", ["wrote a remark to a tip", "comentó un consejo", "замечание к совету"]),
    ("remove saved reply", ["removed a saved reply", "quitó una respuesta guardada", "удалён готовый ответ"]),
    ("resend", ["sent a text again", "reenvió un mensaje", "сообщение отправлено снова"]),
    ("retime", ["changed her date", "cambió la fecha de ella", "изменена её дата"]),
    ("reveal", ["saw numbers whole", "vio los números completos", "показаны номера целиком"]),
    ("reveal number", ["saw her number whole", "vio el número completo", "показан номер целиком"]),
    (
        "role",
        [
            "changed what she is to the baby",
            "cambió qué es ella del bebé",
            "изменено, кем она приходится малышу",
        ],
    ),
    ("roll back", ["went back to an edition", "volvió a una edición", "возврат к изданию"]),
    ("save reply", ["saved a reply", "guardó una respuesta", "сохранён готовый ответ"]),
    ("send text", ["sent her a text", "le envió un mensaje", "ей отправлено сообщение"]),
    ("send tip back", ["sent a tip back", "devolvió un consejo", "совет возвращён автору"]),
    ("sign in", ["signed in", "entró", "вход"]),
    ("sign-in failed", ["a failed sign-in", "intento de entrada fallido", "неудачный вход"]),
    ("stop", ["ended the texts", "dio de baja los mensajes", "сообщения прекращены"]),
    ("stop broadcast", ["stopped a broadcast", "detuvo un envío masivo", "рассылка остановлена"]),
    (
        "submit broadcast",
        [
            "asked a second person to approve a broadcast",
            "pidió aprobar un envío masivo",
            "рассылка отдана на одобрение",
        ],
    ),
    ("submit tip", ["gave a tip to be reviewed", "dio un consejo a revisar", "совет отдан на проверку"]),
    (
        "support",
        [
            "chose what she gets after a loss",
            "eligió qué recibe tras una pérdida",
            "выбрано, что приходит после потери",
        ],
    ),
    (
        "terms",
        [
            "changed how often or when she gets texts",
            "cambió cuándo o cuánto recibe",
            "изменены частота или время сообщений",
        ],
    ),
    ("unfreeze", ["took a loss back", "anuló una pérdida", "запись о потере снята"]),
    (
        "unreachable",
        [
            "stopped: her number cannot be reached",
            "baja: su número no responde",
            "прекращено: номер недоступен",
        ],
    ),
    (
        "verdicts downloaded",
        ["downloaded a list’s verdicts", "descargó el resultado de una lista", "выгружен итог по списку"],
    ),
    ("withdraw broadcast", ["canceled a broadcast", "canceló un envío masivo", "рассылка отменена"]),
    (
        "withdraw tip",
        ["took a tip back from review", "retiró un consejo de la revisión", "совет снят с проверки"],
    ),
    ("write broadcast", ["wrote a broadcast", "escribió un envío masivo", "рассылка написана"]),
    ("write tip", ["wrote a tip", "escribió un consejo", "совет написан"]),
    (
        "wrong_number",
        ["the number is somebody else’s", "el número es de otra persona", "номер принадлежит другому"],
    ),
];

/// What a deed is called; one that is not known stands as it is kept.
pub fn named(tongue: Tongue, action: &str) -> String {
    let known = DEEDS.iter().find(|(known, _)| *known == action);
    known.map_or(action, |(_, names)| names[tongue as usize]).to_owned()
}

/// In which program something was done, where it was in one.
pub fn program(deed: &Deed) -> Option<&str> {
    deed.program.as_deref().or_else(|| told_program(&deed.action, &deed.detail))
}

words! {
    /// What the service says of itself where people stand otherwise.
    pub Own {
        herself: "the mother herself", "la propia madre", "сама мама";
        service: "the service", "el servicio", "служба";
        provider: "the provider", "el proveedor", "провайдер";
        command: "the command line", "la línea de comandos", "командная строка";
        start: "the service, when it started", "el servicio, al arrancar", "служба при запуске";
        first: "the first edition", "la primera edición", "первое издание";
        changed: "the library’s files have changed", "los archivos de la biblioteca cambiaron", "файлы библиотеки изменились";
        unusable: "edition {n} cannot be used by this version any more", "esta versión ya no puede usar la edición {n}", "издание {n} больше не подходит этой версии";
    }
}

/// A name or a reason that may be the service's own; what people wrote stands as they wrote it.
pub fn by_itself(tongue: Tongue, text: &str) -> String {
    let words = Own::of(tongue);
    let known = match text {
        "subscriber" => words.herself,
        "service" => words.service,
        "provider" => words.provider,
        "command line" => words.command,
        START => words.start,
        "the first edition" => words.first,
        "the library's files have changed" => words.changed,
        _ => {
            let number = text.strip_prefix("edition ");
            let number =
                number.and_then(|text| text.strip_suffix(" cannot be used by this version any more"));
            return number.map_or_else(|| text.to_owned(), |n| fill(words.unusable, &[("n", n)]));
        }
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// What the sources write down: the first words in quotes after each of these.
    const WRITTEN_BY: [&str; 4] = ["auditing::note(", "auditing::saw(", "self.audit(", ".seen("];

    #[test]
    fn every_deed_has_a_name() {
        let mut found = 0;
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.ends_with(file!()) {
                    continue;
                }
                let source = fs::read_to_string(&path).unwrap_or_default();
                for call in WRITTEN_BY {
                    for after in source.split(call).skip(1) {
                        let call = after.split(';').next().unwrap_or_default();
                        // Who does it may stand in quotes before it.
                        let call = match call.split_once("Actor::named(\"") {
                            Some((_, rest)) => rest.split_once('"').map_or(rest, |(_, rest)| rest),
                            None => call,
                        };
                        let Some(action) = call.split('"').nth(1).filter(|action| !action.contains('{'))
                        else {
                            continue;
                        };
                        found += 1;
                        assert_ne!(action, named(Tongue::Es, action), "{}", path.display());
                    }
                }
            }
        }
        assert!(found > 40, "only {found}");
    }
}
