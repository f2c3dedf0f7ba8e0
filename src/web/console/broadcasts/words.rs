//! What the pages of broadcasts say.

use crate::domain::delivery::State;
use crate::domain::gestation::Track;
use crate::domain::plan::Reader;
use crate::flows::broadcasting::{NotDone, Segment, Unreached};
use crate::library::Library;
use crate::store::broadcasts::{Broadcast, DRAFT, SENDING, SENT, STOPPED, WAITING};
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What is said of broadcasts.
    pub Words {
        title: "Broadcasts", "Envíos masivos", "Рассылки";
        lead: "One text to many: an alert, a recall, a change. Counted before it goes, stopped at any moment.", "Un mensaje para muchas: una alerta, un producto retirado, un cambio. Se cuenta antes de salir y se detiene en cualquier momento.", "Одно сообщение многим: предупреждение, отзыв товара, изменение. Подсчёт до отправки, остановка в любой момент.";
        new: "New broadcast", "Nuevo envío", "Новая рассылка";
        filters: "Which broadcasts", "Qué envíos", "Какие рассылки";
        all: "All", "Todos", "Все";
        planned: "Not begun", "Sin comenzar", "Ждут";
        going: "Under way", "En curso", "Идут";
        finished: "Finished", "Terminados", "Завершённые";
        none: "There is no broadcast here.", "Aquí no hay ningún envío.", "Здесь рассылок нет.";
        older: "Older", "Anteriores", "Раньше";
        when: "When", "Cuándo", "Когда";
        what: "Why", "Motivo", "Зачем";
        whom: "To whom", "Para quién", "Кому";
        state: "State", "Estado", "Состояние";
        progress: "Progress", "Progreso", "Ход";
        s_draft: "draft", "borrador", "черновик";
        s_waiting: "waits for a second person", "espera a otra persona", "ждёт второго человека";
        s_sending: "is being queued", "poniéndose en cola", "ставится в очередь";
        s_sent: "queued to all", "en cola para todas", "в очереди для всех";
        s_done: "all sent", "todo enviado", "всё отправлено";
        s_stopped: "stopped", "detenido", "остановлена";
        s_withdrawn: "withdrawn", "retirado", "отозвана";
        emergency: "emergency", "emergencia", "экстренная";
        of: "{n} of {all}", "{n} de {all}", "{n} из {all}";
        back: "To the broadcasts", "A los envíos", "К рассылкам";
        edit: "Change the broadcast", "Cambiar el envío", "Изменить рассылку";
        f_what: "What it is", "De qué se trata", "О чём она";
        f_why: "Why it is sent", "Por qué se envía", "Зачем она нужна";
        f_why_hint: "For those who approve it, and for later. Mothers do not see it.", "Para quien lo aprueba y para después. Las madres no lo ven.", "Для того, кто одобряет, и на будущее. Мамы этого не видят.";
        f_whom: "Who gets it", "Quién lo recibe", "Кто получит";
        f_whom_lead: "All of what you choose must be true of her.", "Debe cumplirse todo lo que usted elija.", "Должны выполняться все выбранные условия.";
        f_program: "Program", "Programa", "Программа";
        every_program: "Every program", "Todos los programas", "Все программы";
        f_language: "Language", "Idioma", "Язык";
        any: "Any", "Cualquiera", "Любой";
        f_track: "Stage", "Etapa", "Срок";
        anywhere: "Pregnant or with a baby", "Embarazadas o con bebé", "Беременные и с малышом";
        pregnancy: "Pregnant", "Embarazadas", "Беременные";
        baby: "With a baby", "Con bebé", "С малышом";
        f_from: "From week", "Desde la semana", "С недели";
        f_to: "To week", "Hasta la semana", "По неделю";
        f_area: "State or region", "Estado o región", "Штат или регион";
        f_area_hint: "Its code, such as NY; or a town or ZIP code in it.", "Su código, como NY; o una ciudad o código postal de allí.", "Код, например NY, либо город или индекс в нём.";
        f_place: "Town, or beginning of the ZIP code", "Ciudad o comienzo del código postal", "Город или начало индекса";
        f_code: "Organization code", "Código de la organización", "Код организации";
        f_reader: "Who reads", "Quién lee", "Кто читает";
        anyone: "Anyone", "Cualquiera", "Кто угодно";
        mother: "The mother", "La madre", "Мама";
        partner: "The partner", "La pareja", "Партнёр";
        grandparent: "A grandparent or relative", "Abuela, abuelo o familiar", "Бабушка, дедушка, родные";
        worker: "A health worker", "Personal de salud", "Медработник";
        f_unplaced: "Also women whose place we do not know. In a recall, better too many than too few.", "También quienes no sabemos dónde viven. Ante un producto retirado, mejor avisar de más.", "А также те, чьё место нам неизвестно. При отзыве товара лучше предупредить больше людей.";
        f_after_loss: "Also women who told of a loss. Only for emergencies such as a flood, never about a baby.", "También quienes avisaron de una pérdida. Solo para urgencias como una inundación, nunca sobre un bebé.", "И те, кто сообщил о потере. Только для бедствий, например наводнения; о малышах – никогда.";
        f_emergency: "Emergency: it goes at once, at any hour, also at night and to those who asked for a pause", "Emergencia: sale enseguida, a cualquier hora, también de noche y a quienes pidieron una pausa", "Экстренно: уйдёт сразу, в любое время, и ночью, и тем, кто просил о паузе";
        f_words: "What it says", "Qué dice", "Что в ней сказано";
        f_words_lead: "Write it in every language of those who get it. Without words in a language nothing goes to anybody.", "Escríbalo en todos los idiomas de quienes lo reciben. Si falta un idioma, no sale nada para nadie.", "Напишите на каждом языке получателей. Если на каком-то языке слов нет, не уйдёт ничего и никому.";
        f_save: "Save and count", "Guardar y contar", "Сохранить и подсчитать";
        no_why: "Say why it is sent.", "Diga por qué se envía.", "Напишите, зачем она нужна.";
        no_program: "Choose a program that you work for.", "Elija un programa en el que usted trabaje.", "Выберите программу, в которой вы работаете.";
        no_week: "Write a week as a number from 0 to 60.", "Escriba la semana como un número de 0 a 60.", "Укажите неделю числом от 0 до 60.";
        week_track: "Choose pregnant or with a baby first.", "Elija antes embarazadas o con bebé.", "Сначала выберите: беременные или с малышом.";
        weeks_turned: "The last week is before the first.", "La última semana es anterior a la primera.", "Последняя неделя раньше первой.";
        no_area: "No state or region is known by this. Known are: {known}", "No se conoce ningún estado o región así. Se conocen: {known}", "Такой штат или регион неизвестен. Известны: {known}";
        loss_track: "After a loss there is no stage: choose one or the other.", "Tras una pérdida no hay etapa: elija una cosa u otra.", "После потери срока нет: выберите что-то одно.";
        no_words_at_all: "Write it in one language at least.", "Escríbalo al menos en un idioma.", "Напишите хотя бы на одном языке.";
        preview: "Before it goes", "Antes de que salga", "Перед отправкой";
        counting: "It is being counted. This page shows it as soon as it is done.", "Se está contando. Esta página lo mostrará en cuanto termine.", "Идёт подсчёт. Страница покажет его, как только он будет готов.";
        reload: "Reload the page", "Recargar la página", "Обновить страницу";
        counted_at: "Counted {time}.", "Contado: {time}.", "Подсчитано: {time}.";
        stale: "This count is too old to decide by.", "Este recuento es demasiado antiguo para decidir.", "Этот подсчёт устарел, решать по нему нельзя.";
        count_anew: "Count anew", "Contar de nuevo", "Подсчитать заново";
        people: "People", "Personas", "Людей";
        sms: "SMS", "SMS", "SMS";
        cost: "Cost", "Costo", "Стоимость";
        no_price: "not set", "sin precio", "не задана";
        leaves: "All sent by", "Todo enviado para", "Всё уйдёт до";
        no_pace: "the senders are not known here", "aquí no se conocen los remitentes", "отправители здесь неизвестны";
        spreads: "They leave one after the other over half an hour. Only an emergency leaves at once.", "Salen uno tras otro a lo largo de media hora. Solo una emergencia sale enseguida.", "Сообщения уходят одно за другим в течение получаса. Сразу уходит только экстренная рассылка.";
        tight: "It does not fit into the hours or the daily limit of a sender: a part leaves later than this, or not at all.", "No cabe en el horario o en el límite diario de un remitente: una parte saldrá más tarde o no saldrá.", "Не помещается в часы или суточный предел отправителя: часть уйдёт позже или не уйдёт вовсе.";
        asleep: "Quiet hours now", "Ahora en horas de silencio", "Сейчас тихие часы";
        asleep_note: "get it when the quiet hours end", "lo recibirán cuando terminen esas horas", "получат, когда тихие часы закончатся";
        by_zone: "By time zone", "Por zona horaria", "По часовым поясам";
        zone_unsure: "not known: common hours only", "no se sabe: solo horas comunes", "неизвестен: только общие часы";
        other_zones: "other zones", "otras zonas", "другие пояса";
        zone: "Time zone", "Zona horaria", "Часовой пояс";
        missing: "There are no words in {language}, and {n} would get it. Nothing is sent to anybody until there are.", "No hay palabras en {language} y lo recibirían {n}. No se envía nada a nadie hasta que las haya.", "На языке {language} слов нет, а её получат: {n}. Пока их нет, никому ничего не уйдёт.";
        choose: "Choose", "Elija", "Выберите";
        persons: "{n} person|{n} people", "{n} persona|{n} personas", "{n} человек|{n} человека|{n} человек";
        no_words_in: "No words in this language", "No hay palabras en este idioma", "На этом языке слов нет";
        reads: "What each reads", "Qué lee cada una", "Что прочитает каждая";
        phones: "On phones that others may read", "En teléfonos que otras personas pueden leer", "На телефонах, которые читают другие";
        sample: "Some of them", "Algunas de ellas", "Некоторые из них";
        number: "Number", "Número", "Номер";
        stage: "Stage", "Etapa", "Срок";
        unreached: "Not reached, and why", "No les llega, y por qué", "Кому не дойдёт и почему";
        why: "Why", "Por qué", "Почему";
        all_reached: "It reaches everybody you have chosen.", "Llega a todas las personas elegidas.", "Дойдёт до всех выбранных.";
        u_already: "have it queued already", "ya lo tienen en cola", "уже в очереди";
        u_after_loss: "have told of a loss", "contaron una pérdida", "сообщили о потере";
        u_paused: "have asked for a pause; only an emergency reaches them", "pidieron una pausa; solo les llega una emergencia", "просили о паузе; дойдёт только экстренная";
        u_no_way: "have no program or no hours any more", "ya no tienen programa u horario", "нет программы или подходящих часов";
        u_unplaced: "nobody knows whether they live there", "no se sabe si viven allí", "неизвестно, живут ли они там";
        u_stopped: "have texted STOP", "escribieron STOP", "отправили СТОП";
        u_blocked: "have stopped at the provider, which refuses our texts", "se dieron de baja en el proveedor, que rechaza nuestros mensajes", "остановили у провайдера, он не пропускает наши сообщения";
        u_not_hers: "are past it: what the correction needs is not so any more", "ya no les corresponde: no se cumple lo que la corrección necesita", "для них уже неактуально: условие исправления не выполняется";
        u_recycled: "their numbers are somebody else’s by now", "sus números ya son de otra persona", "номер теперь у другого человека";
        confirm: "Confirm", "Confirmar", "Подтверждение";
        two_needed: "It reaches more than {n}: a second person has to approve it after you.", "Llega a más de {n}: otra persona tiene que aprobarlo después de usted.", "Получателей больше {n}: после вас её должен одобрить второй человек.";
        one_enough: "It reaches {n} or fewer: your word is enough.", "Llega a {n} o menos: basta con su palabra.", "Получателей не больше {n}: достаточно вашего решения.";
        send_to: "Send it to {n}", "Enviarlo a {n}", "Отправить: {n}";
        ask_second: "Confirm {n}, and ask a second person", "Confirmar {n} y pedir a otra persona", "Подтвердить ({n}) и передать второму человеку";
        tick_emergency: "Yes: it may wake them", "Sí: puede despertarlas", "Да, пусть даже разбудит";
        tick_again: "Yes: send the same once more", "Sí: enviar lo mismo otra vez", "Да, отправить то же ещё раз";
        withdraw: "Cancel the broadcast", "Cancelar el envío", "Отменить рассылку";
        was_confirmed: "{name} confirmed {n}, {time}. A second person has to approve it.", "{name} confirmó {n}, {time}. Otra persona tiene que aprobarlo.", "{name}: подтверждено, {n}, {time}. Нужен второй человек.";
        not_you: "You wrote or confirmed it: somebody else has to approve it.", "Usted lo escribió o confirmó: debe aprobarlo otra persona.", "Вы её написали или подтвердили: одобрить должен кто-то другой.";
        approve: "Approve: send it to {n}", "Aprobar: enviarlo a {n}", "Одобрить и отправить: {n}";
        grew: "It now reaches {now}, {more} more than were confirmed. It cannot be approved so.", "Ahora llega a {now}, {more} más de lo confirmado. Así no se puede aprobar.", "Теперь получателей {now}, на {more} больше подтверждённого. Одобрить так нельзя.";
        confirm_new: "Confirm the new number, {n}", "Confirmar el nuevo número, {n}", "Подтвердить новое число: {n}";
        stop: "Stop it now", "Detenerlo ahora", "Остановить сейчас";
        stop_lead: "One press. What has not left does not leave any more.", "Un solo clic. Lo que no ha salido ya no sale.", "Одно нажатие. Что ещё не ушло, уже не уйдёт.";
        left: "{n} of {all} have left", "Han salido {n} de {all}", "Ушло {n} из {all}";
        results: "What became of it", "Qué ha sido de ello", "Что вышло";
        as_of: "As of {time}.", "Actualizado: {time}.", "По состоянию на {time}.";
        last_leaves: "The last leaves at about {time}.", "Último envío, aproximadamente: {time}.", "Последнее уйдёт примерно в это время: {time}.";
        not_reckoned: "Nothing is known yet.", "Aún no se sabe nada.", "Пока ничего не известно.";
        w_waiting: "Waiting to leave", "Esperan para salir", "Ждут отправки";
        w_left: "Left, no word of arrival", "Salieron, sin noticia de llegada", "Ушли, подтверждения нет";
        w_delivered: "Arrived", "Llegaron", "Доставлено";
        w_failed: "Failed", "Fallaron", "Не доставлено";
        w_back: "Taken back or too late", "Anulados o caducados", "Отменено или опоздало";
        w_stops: "STOP within a day", "STOP en un día", "СТОП за сутки";
        w_replies: "Wrote within a day", "Escribieron en un día", "Написали за сутки";
        failures: "Why texts failed", "Por qué fallaron", "Почему не доставлено";
        code: "Code", "Código", "Код";
        texts: "Texts", "Mensajes", "Сообщений";
        facts: "Who and when", "Quién y cuándo", "Кто и когда";
        made_by: "Written by", "Escrito por", "Автор";
        confirmed_by: "Confirmed by", "Confirmado por", "Кто подтвердил";
        approved_by: "Approved by", "Aprobado por", "Кто одобрил";
        nobody: "nobody: not needed", "nadie: no hacía falta", "не требовалось";
        begun: "Counted", "Contado", "Подсчитано";
        ended: "Ended", "Terminado", "Завершено";
        done_saved: "Saved. It is being counted; nothing has been sent.", "Guardado. Se está contando; no se ha enviado nada.", "Сохранено. Идёт подсчёт, ничего не отправлено.";
        done_sending: "It goes. You can stop it at any moment.", "Va en camino. Puede detenerlo en cualquier momento.", "Отправка началась. Её можно остановить в любой момент.";
        done_waiting: "Confirmed. It goes when a second person has approved it.", "Confirmado. Saldrá cuando otra persona lo apruebe.", "Подтверждено. Уйдёт, когда одобрит второй человек.";
        done_stopped: "Stopped. Nothing of it leaves any more.", "Detenido. Ya no sale nada.", "Остановлено. Больше ничего не уйдёт.";
        done_withdrawn: "Canceled. Nothing was sent.", "Cancelado. No se envió nada.", "Отменено. Ничего не отправлено.";
        was_stopped: "It had been stopped before.", "Ya estaba detenido.", "Она уже была остановлена.";
        r_stale: "The count changed or is too old. Look at it again, then decide.", "El recuento cambió o es demasiado antiguo. Mírelo de nuevo y decida.", "Подсчёт изменился или устарел. Посмотрите ещё раз и решайте.";
        r_changed: "{name} changed it after this page was shown to you, and nothing was sent. Read what it says now, then decide.", "{name} lo cambió después de que usted abrió esta página; no se envió nada. Lea lo que dice ahora y decida.", "{name}: рассылка изменена после того, как вы открыли страницу; ничего не отправлено. Прочитайте её заново и решайте.";
        r_unreadable: "This version of the program cannot read whom it is for or what it says. Nothing of it is sent.", "Esta versión del programa no puede leer para quién es o qué dice. No se envía nada.", "Эта версия программы не может прочитать, кому она или что в ней. Ничего не отправляется.";
        r_begun: "It was not saved: somebody has decided about it meanwhile. What you wrote is still here.", "No se guardó: entretanto alguien decidió sobre este envío. Lo que usted escribió sigue aquí.", "Не сохранено: тем временем решение уже приняли. Написанное вами осталось здесь.";
        r_nobody: "It reaches nobody.", "No llega a nadie.", "Получателей нет.";
        r_emergency: "An emergency goes at any hour: tick that it may.", "Una emergencia sale a cualquier hora: marque que puede.", "Экстренная уходит в любое время: отметьте, что так и надо.";
        r_lately: "The same went to the same people {time}, sent by {name}. Tick that it is to go again.", "Lo mismo fue a las mismas personas {time}, enviado por {name}. Marque si debe ir otra vez.", "То же самое тем же людям уже уходило: {time}, {name}. Отметьте, если нужно ещё раз.";
        r_lifted: "The tip is not recalled any more: nobody is told that it was wrong.", "El consejo ya no está retirado: a nadie se le dice que estaba mal.", "Совет больше не отозван: никому не сообщат, что он был неверным.";
        r_state: "It is not waiting any more: somebody else has decided.", "Ya no está pendiente: otra persona decidió.", "Она больше не ждёт: решил кто-то другой.";
        r_no_words: "Words are missing in: {languages}. Nothing was sent.", "Faltan palabras en: {languages}. No se envió nada.", "Не хватает слов на языках: {languages}. Ничего не отправлено.";
        w_unreadable: "cannot be read", "no se puede leer", "прочитать нельзя";
        w_corrects: "who got the recalled tip {tip}", "quienes recibieron el consejo retirado {tip}", "кто получил отозванный совет {tip}";
        to_recall: "To the recalled tip", "Al consejo retirado", "К отозванному совету";
        w_area: "living in {area}", "viven en {area}", "живут в {area}";
        w_place: "place {place}", "lugar {place}", "место: {place}";
        w_code: "code {code}", "código {code}", "код {code}";
        w_weeks: "weeks {from} to {to}", "semanas {from} a {to}", "недели {from}–{to}";
        w_unplaced: "or nobody knows where", "o no se sabe dónde", "или неизвестно где";
        w_after_loss: "also after a loss", "también tras una pérdida", "а также после потери";
    }
}

/// A state, in a word and in a class of the style sheet.
pub fn state(words: &Words, broadcast: &Broadcast) -> (&'static str, &'static str) {
    match broadcast.state.as_str() {
        DRAFT => (words.s_draft, ""),
        WAITING => (words.s_waiting, "warn"),
        SENDING => (words.s_sending, "accent"),
        SENT if broadcast.is_going() => (words.s_sent, "accent"),
        SENT => (words.s_done, "good"),
        STOPPED => (words.s_stopped, "bad"),
        _ => (words.s_withdrawn, ""),
    }
}

/// Why somebody is not reached.
pub fn unreached(words: &Words, why: Unreached) -> &'static str {
    match why {
        Unreached::Already => words.u_already,
        Unreached::AfterLoss => words.u_after_loss,
        Unreached::Paused => words.u_paused,
        Unreached::NoWay => words.u_no_way,
        Unreached::Unplaced => words.u_unplaced,
        Unreached::Stopped => words.u_stopped,
        Unreached::Blocked => words.u_blocked,
        Unreached::Recycled => words.u_recycled,
        Unreached::NotHers => words.u_not_hers,
    }
}

/// Who reads.
pub fn reader(words: &Words, reader: Reader) -> &'static str {
    match reader {
        Reader::Mother => words.mother,
        Reader::Partner => words.partner,
        Reader::Grandparent => words.grandparent,
        Reader::Worker => words.worker,
    }
}

/// Whom a broadcast is for, in a line.
pub fn whom((tongue, words): (Tongue, &Words), library: Option<&Library>, broadcast: &Broadcast) -> String {
    let Ok(segment) = serde_json::from_str::<Segment>(&broadcast.segment) else {
        return words.w_unreadable.to_owned();
    };
    let program = segment.program.map(|id| program_name(tongue, library, &id));
    let mut parts = vec![program.unwrap_or_else(|| words.every_program.to_owned())];
    parts.extend(segment.corrects.map(|of| fill(words.w_corrects, &[("tip", &of.tip)])));
    parts.extend(segment.language.map(|code| tongue.language(code.as_str())));
    parts.extend(segment.track.map(|track| {
        let name = if track == Track::Pregnancy { words.pregnancy } else { words.baby };
        name.to_owned()
    }));
    if segment.from_week.is_some() || segment.to_week.is_some() {
        let week = |week: Option<i64>| week.map_or_else(|| "…".to_owned(), |week| week.to_string());
        let (from, to) = (week(segment.from_week), week(segment.to_week));
        parts.push(fill(words.w_weeks, &[("from", &from), ("to", &to)]));
    }
    parts.extend(segment.area.map(|area| fill(words.w_area, &[("area", &area)])));
    parts.extend(segment.place.map(|place| fill(words.w_place, &[("place", &place)])));
    if segment.also_unplaced {
        parts.push(words.w_unplaced.to_owned());
    }
    parts.extend(segment.code.map(|code| fill(words.w_code, &[("code", &code)])));
    parts.extend(segment.reader.map(|who| reader(words, who).to_owned()));
    if segment.also_after_loss {
        parts.push(words.w_after_loss.to_owned());
    }
    parts.join(", ")
}

/// A program by its name in the page's language, or else in its own first one.
pub fn program_name(tongue: Tongue, library: Option<&Library>, id: &str) -> String {
    let program = library.and_then(|library| library.program(id));
    let named = program.zip(tongue.code().parse().ok());
    named.map_or_else(|| id.to_owned(), |(program, language)| program.name(language).to_owned())
}

/// Why something was not done; `moment` writes a time.
pub fn refused(
    words: &Words,
    tongue: Tongue,
    refused: &NotDone,
    moment: impl Fn(chrono::DateTime<chrono::Utc>) -> String,
) -> String {
    match refused {
        NotDone::Stale => words.r_stale.to_owned(),
        NotDone::Changed(name) => fill(words.r_changed, &[("name", name)]),
        NotDone::Unreadable(_) => words.r_unreadable.to_owned(),
        NotDone::Lifted => words.r_lifted.to_owned(),
        NotDone::Nobody => words.r_nobody.to_owned(),
        NotDone::Emergency => words.r_emergency.to_owned(),
        NotDone::SamePerson => words.not_you.to_owned(),
        NotDone::Lately(other) => {
            fill(words.r_lately, &[("time", &moment(other.made_at)), ("name", &other.made_by)])
        }
        NotDone::NoWords(missing) => {
            let missing: Vec<String> = missing.iter().map(|code| tongue.language(code.as_str())).collect();
            fill(words.r_no_words, &[("languages", &missing.join(", "))])
        }
        NotDone::Grew(was, now) => grew(words, tongue, *was, *now),
        NotDone::State(_) | NotDone::Gone | NotDone::Store(_) => words.r_state.to_owned(),
    }
}

/// By how much it grew.
pub fn grew(words: &Words, tongue: Tongue, was: i64, now: i64) -> String {
    let now_words = tongue.counted(now, words.persons);
    fill(words.grew, &[("now", &now_words), ("more", &tongue.number(now - was))])
}

/// Texts that have left and of which nothing more is known.
pub const LEFT_TEXTS: [State; 2] = [State::Accepted, State::Sent];
/// Texts that do not leave any more.
pub const BACK_TEXTS: [State; 2] = [State::Expired, State::Canceled];
