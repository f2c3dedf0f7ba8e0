//! What the pages of recalled tips say.

use crate::web::console::tongue::words;

words! {
    /// What the pages say.
    pub Words {
        title: "Recalled tips", "Consejos retirados", "Отозванные советы";
        lead: "A tip that proves wrong is stopped here at once: no text with its words leaves any more, not even one that is queued.", "Un consejo que resulta erróneo se detiene aquí al instante: no sale ningún mensaje más con sus palabras, ni siquiera los que están en cola.", "Ошибочный совет здесь останавливают сразу: ни одно сообщение с его текстом больше не уйдёт, даже из очереди.";
        queue: "Review", "Revisión", "Проверка";
        none: "No tip is recalled.", "Ningún consejo está retirado.", "Ни один совет не отозван.";
        tip: "Tip", "Consejo", "Совет";
        since: "Recalled", "Retirado", "Отозван";
        by: "By whom", "Por quién", "Кем";
        why: "Reason", "Motivo", "Причина";
        recall_title: "Recall a tip", "Retirar un consejo", "Отозвать совет";
        id: "The tip’s id, as in the library", "El identificador del consejo, como en la biblioteca", "Код совета, как в библиотеке";
        recall: "Stop it now", "Detenerlo ahora", "Остановить сейчас";
        unknown: "No edition has such a tip.", "Ninguna edición tiene ese consejo.", "Такого совета нет ни в одном издании.";
        needed: "Say it in a word or two.", "Dígalo en una o dos palabras.", "Скажите это хотя бы парой слов.";
        recalled: "It is recalled, and not sent any more by anybody.", "Está retirado y ya nadie lo envía.", "Он отозван, и больше его никто не отправит.";
        one: "Recalled: {tip}", "Consejo retirado: {tip}", "Отозван совет {tip}";
        count: "Count who got it", "Contar quién lo recibió", "Посчитать, кто его получил";
        count_hint: "It goes through all enrollments, which may take some seconds.", "Recorre todas las inscripciones y puede tardar unos segundos.", "Проходит по всем записям, это может занять несколько секунд.";
        was_sent: "What was sent", "Lo que se envió", "Что отправляли";
        to_tip: "The tip’s own page", "La página del consejo", "Страница совета";
        got: "Who got it", "Quién lo recibió", "Кто его получил";
        nobody: "Nobody got it.", "Nadie lo recibió.", "Никто его не получил.";
        got_line: "{program}, {language}: {n}, from {first} to {last}", "{program}, {language}: {n}, del {first} al {last}", "{program}, {language}: {n}, с {first} по {last}";
        perhaps: "of them perhaps {n}: nothing proves it", "de ellas quizá {n}: nada lo prueba", "из них, возможно, {n}: доказательств нет";
        waiting: "Still to get it, and will not: {n}", "Iban a recibirlo y no lo recibirán: {n}", "Должны были получить и не получат: {n}";
        missed: "It never reached them: {n}", "Nunca les llegó: {n}", "До них не дошло: {n}";
        women: "{n} woman|{n} women", "{n} mujer|{n} mujeres", "{n} женщина|{n} женщины|{n} женщин";
        correct_title: "Send a correction to those who got it", "Enviar una corrección a quienes lo recibieron", "Отправить исправление тем, кто получил";
        words_in: "Correction ({language})", "Corrección ({language})", "Исправление ({language})";
        correct_lead: "It is sent as a broadcast: nothing leaves before you have seen whom it reaches and what it costs, and have confirmed it there.", "Se envía como envío masivo: no sale nada hasta que usted vea a quién llega y cuánto cuesta, y lo confirme allí.", "Оно уходит как рассылка: ничего не отправится, пока вы не увидите, кому её отправят и сколько это стоит, и не подтвердите отправку.";
        corrections: "Corrections", "Correcciones", "Исправления";
        needs: "Send the correction only if", "Enviar la corrección solo si", "Отправить исправление, только если";
        write: "Save and count who can be told", "Guardar y contar a quién se le puede decir", "Сохранить и подсчитать, кому можно сообщить";
        written: "Saved. It is being counted; nothing has been sent.", "Guardado. Se está contando; no se ha enviado nada.", "Сохранено. Идёт подсчёт, ничего не отправлено.";
        lift_title: "It was right after all", "Al final era correcto", "Всё-таки верно";
        lift: "Let it be sent again", "Permitir enviarlo de nuevo", "Разрешить отправку снова";
        lifted: "It may be sent again, as the edition in force has it.", "Se puede enviar de nuevo, como está en la edición vigente.", "Его снова можно отправлять, как в действующем издании.";
    }
}
