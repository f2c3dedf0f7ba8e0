//! What the inbox's pages say.

use crate::domain::danger::Sign;
use crate::flows::answering::{HELD, Refused, Why};
use crate::web::console::stages;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What the inbox says.
    pub Words {
        title: "Inbox", "Mensajes recibidos", "Входящие";
        lead: "What mothers wrote that needs a person. Signs of danger come first, then whoever has waited longest.", "Lo que escribieron las madres y debe contestar una persona. Primero las señales de peligro; después, quien más espera.", "Сообщения, на которые должен ответить человек. Сначала признаки опасности, потом те, кто ждёт дольше.";
        replies: "Saved replies", "Respuestas guardadas", "Готовые ответы";
        open: "Open", "Abiertas", "Открытые";
        mine: "Mine", "Mías", "Мои";
        answered: "Answered", "Contestadas", "Отвеченные";
        closed: "Closed", "Cerradas", "Закрытые";
        filters: "Which messages", "Qué mensajes", "Какие сообщения";
        danger: "Danger", "Peligro", "Опасность";
        loss: "After a loss", "Tras una pérdida", "После потери";
        question: "Question", "Pregunta", "Вопрос";
        stranger: "Unknown number", "Número desconocido", "Незнакомый номер";
        dangers: "Danger signs", "Señales de peligro", "Признаки опасности";
        losses: "After a loss", "Tras una pérdida", "После потери";
        questions: "Questions", "Preguntas", "Вопросы";
        strangers: "Unknown numbers", "Números desconocidos", "Незнакомые номера";
        urgency: "Urgency", "Urgencia", "Срочность";
        waits: "Waiting for", "Espera", "Ждёт уже";
        ended: "When", "Cuándo", "Когда";
        wrote: "She wrote", "Escribió", "Она написала";
        where_: "Stage", "Etapa", "Этап";
        who: "Who", "Quién", "Кто";
        by: "by {name}", "por {name}", "{name}";
        at_it: "{name} is answering", "{name} contesta", "Отвечает {name}";
        you_at_it: "You are answering", "Usted contesta", "Отвечаете вы";
        for_: "handed on to {name}", "pasado a {name}", "передано: {name}";
        for_you: "handed on to you", "pasado a usted", "передано вам";
        nobody_yet: "nobody yet", "nadie aún", "пока никто";
        of_texts: "{n} text|{n} texts", "{n} mensaje|{n} mensajes", "{n} сообщение|{n} сообщения|{n} сообщений";
        nothing_open: "Nobody is waiting for an answer.", "Nadie espera respuesta.", "Никто не ждёт ответа.";
        nothing: "There is nothing here.", "Aquí no hay nada.", "Здесь пусто.";
        next: "More", "Más", "Дальше";
        first: "Back to the first", "Volver al principio", "К началу списка";
        back: "To the inbox", "A los mensajes recibidos", "Ко входящим";
        exchange: "Conversation", "Conversación", "Переписка";
        she: "she", "ella", "она";
        service: "the service", "el servicio", "служба";
        new_: "new", "nuevo", "новое";
        clock: "Times are yours: {zone}.", "Las horas son las de usted: {zone}.", "Время ваше: {zone}.";
        marked: "The highlighted words tell of danger.", "Las palabras resaltadas indican peligro.", "Выделены слова, которые говорят об опасности.";
        number: "Number", "Número", "Номер";
        language: "Language", "Idioma", "Язык";
        program: "Program", "Programa", "Программа";
        opened: "Since", "Desde", "С какого времени";
        her_page: "Her page: whole history, number, actions", "Ficha de la madre: historia completa, número, acciones", "Её страница: вся история, номер, действия";
        nobody: "Nobody is answering yet.", "Nadie contesta todavía.", "Пока никто не отвечает.";
        take: "Take it to answer", "Tomarla para contestar", "Взять, чтобы ответить";
        yours: "You are answering, and others see that. After {time} without activity it is free for others again.", "Usted se ocupa y los demás lo ven. Tras {time} sin actividad queda libre para los demás.", "Вы этим занимаетесь, и другие это видят. Если {time} ничего не делать, сообщение снова станет свободным.";
        put_back: "Give it back", "Devolverla a la lista", "Вернуть в общий список";
        others: "{name} is answering, and did something {time} ago. Two answers would confuse her.", "{name} se ocupa; su última actividad fue hace {time}. Dos respuestas la confundirían.", "Этим занимается {name}, последнее действие {time} назад. Два ответа собьют её с толку.";
        take_over: "Take over from {name}", "Hacerme cargo en lugar de {name}", "Продолжить вместо {name}";
        over_warning: "If you take it over, {name} cannot answer it any more. It is written down.", "Si usted se la queda, {name} ya no podrá contestarla. Queda anotado.", "Если вы заберёте сообщение, {name} уже не сможет на него ответить. Это будет записано.";
        was_answered: "Answered by {name}, {time}.", "Contestada por {name}, {time}.", "Ответ дал(а) {name}, {time}.";
        was_closed: "Closed by {name}, {time}.", "Cerrada por {name}, {time}.", "Закрыто: {name}, {time}.";
        answer: "Answer", "Contestar", "Ответить";
        answer_words: "What she will read", "Lo que ella leerá", "Что она прочитает";
        answer_hint: "In {language}. It goes at once, at any hour, and costs one SMS or more: {most} at most.", "En {language}. Sale enseguida, a cualquier hora, y cuesta uno o más SMS: {most} como máximo.", "На языке: {language}. Уйдёт сразу, в любое время, и займёт одно или несколько SMS, но не больше {most}.";
        send: "Send the answer", "Enviar la respuesta", "Отправить ответ";
        discreet: "Others may read her phone. It will show only: “{cover}” She reads your words when she is alone.", "Otras personas pueden leer su teléfono. Solo mostrará: «{cover}» Leerá sus palabras cuando esté a solas.", "Её телефон могут читать другие. На нём будет видно только: «{cover}» Ваши слова она прочитает, когда будет одна.";
        saved: "Saved replies, in at a click:", "Respuestas guardadas, con un clic:", "Готовые ответы, одним нажатием:";
        saved_choice: "Saved reply", "Respuesta guardada", "Готовый ответ";
        insert: "Put it in", "Insertarla", "Вставить";
        no_saved: "There is no saved reply in this language yet.", "Aún no hay respuestas guardadas en este idioma.", "На этом языке готовых ответов пока нет.";
        notes: "Notes for colleagues", "Notas para el equipo", "Заметки для коллег";
        notes_lead: "Internal. She never sees them.", "Internas. Ella nunca las ve.", "Внутренние. Она их никогда не увидит.";
        note: "Note", "Nota", "Заметка";
        add_note: "Add the note", "Añadir la nota", "Добавить заметку";
        hand_on: "Hand it on", "Pasarla a otra persona", "Передать другому";
        hand_to: "To whom", "A quién", "Кому";
        hand_note: "What they should know", "Qué debe saber", "Что нужно знать";
        hand_hint: "An internal note. She never sees it.", "Nota interna. Ella nunca la ve.", "Внутренняя заметка. Она её не увидит.";
        nobody_else: "Nobody else answers in this program.", "Nadie más contesta en este programa.", "В этой программе больше никто не отвечает.";
        close: "Close it without an answer", "Cerrarla sin contestar", "Закрыть без ответа";
        why: "Why", "Por qué", "Почему";
        choose: "Choose", "Elija", "Выберите";
        why_settled: "No answer is needed", "No hace falta respuesta", "Ответ не нужен";
        why_called: "Somebody has called her", "Alguien la ha llamado", "Ей позвонили";
        why_not_for_us: "Not for this service: a wrong number, a machine", "No es para este servicio: número equivocado, una máquina", "Не к нам: ошиблись номером, автоответчик";
        why_other: "Another reason, given in the note", "Otro motivo, indicado en la nota", "Другое, указано в заметке";
        kept: "What you had typed", "Lo que usted había escrito", "Что вы набрали";
        done_answered: "Your answer is on its way to her.", "Su respuesta va en camino.", "Ваш ответ отправляется.";
        done_closed: "Closed. She was sent nothing.", "Cerrada. No se le envió nada.", "Закрыто. Ей ничего не отправлено.";
        done_handed: "Handed on to {name}.", "Pasada a {name}.", "Передано: {name}.";
        done_back: "It is free for whoever comes.", "Queda libre para quien llegue.", "Сообщение снова свободно.";
        no_words: "Write what she is to read.", "Escriba lo que ella va a leer.", "Напишите, что она прочитает.";
        no_placeholder: "Nobody fills in {braces} here: write the words as she is to read them.", "Aquí nadie completa las {braces}: escriba las palabras tal como ella las leerá.", "Здесь никто не заполнит {braces}: пишите слова так, как она их прочитает.";
        too_long: "This takes {n} SMS. Make it {most} or fewer.", "Esto ocupa {n} SMS. Redúzcalo a {most} o menos.", "Получается {n} SMS. Сократите до {most} или меньше.";
        no_why: "Say why.", "Diga por qué.", "Укажите причину.";
        no_remark: "Say it in a word or two.", "Dígalo en una o dos palabras.", "Напишите хотя бы пару слов.";
        no_person: "Choose a person who answers in this program.", "Elija a una persona que conteste en este programa.", "Выберите человека, который отвечает в этой программе.";
        r_ended: "{name} was faster: it is answered or closed already. Nothing was sent.", "{name} se adelantó: ya está contestada o cerrada. No se envió nada.", "{name} уже ответил(а) или закрыл(а) это сообщение. Ничего не отправлено.";
        r_taken: "{name} is answering now. Nothing was sent.", "{name} se ocupa ahora. No se envió nada.", "Сейчас этим занимается {name}. Ничего не отправлено.";
        r_stopped: "She has texted STOP, or her number takes no texts any more. Nothing may be sent to her.", "Ella escribió STOP, o su número ya no recibe mensajes. No se le puede enviar nada.", "Она отправила СТОП, или номер больше не принимает сообщения. Отправлять ей ничего нельзя.";
        r_blocked: "The provider refuses our texts since her STOP there. Only START from her phone lifts it.", "El proveedor rechaza nuestros mensajes desde que ella los detuvo. Solo START desde su teléfono lo levanta.", "После её СТОП оператор не пропускает наши сообщения. Снять запрет может только START с её телефона.";
        r_gone: "Nothing is held of her any more: her data was erased at her own wish.", "Ya no se guarda nada de ella: se borró a petición suya.", "О ней больше ничего не хранится: данные удалены по её просьбе.";
        r_no_cover: "Others may read her phone, and the library has no words in her language that give nothing away.", "Otras personas pueden leer su teléfono, y la biblioteca no tiene en su idioma palabras que no revelen nada.", "Её телефон могут читать другие, а в библиотеке нет нейтральных слов на её языке.";
        r_wrote: "She has written again meanwhile, so nothing was done. Read what is new first: what you typed is kept.", "Ella ha vuelto a escribir, así que no se hizo nada. Lea primero lo nuevo: lo que usted escribió sigue aquí.", "Тем временем она написала ещё, поэтому ничего не сделано. Сначала прочитайте новое: то, что вы набрали, сохранено.";
        n_wrote: "She has written again.", "Ella ha vuelto a escribir.", "Она написала ещё.";
        n_changed: "Somebody else has changed this item.", "Otra persona ha cambiado algo aquí.", "Кто-то другой внёс изменения.";
        n_look: "Show it", "Mostrarlo", "Показать";
    }
}

words! {
    /// The signs of danger.
    pub Signs {
        self_harm: "thoughts of death or self-harm", "ideas de muerte o de hacerse daño", "мысли о смерти или самоповреждении";
        baby_breathing: "baby’s breathing", "respiración del bebé", "дыхание малыша";
        baby_unwell: "baby limp, yellow or having seizures", "bebé flácido, amarillo o con convulsiones", "малыш вялый, пожелтел, судороги";
        convulsion: "seizures", "convulsiones", "судороги";
        breathing: "breathing, fainting, heart", "respiración, desmayo, corazón", "дыхание, обморок, сердце";
        bleeding: "bleeding", "sangrado", "кровотечение";
        injury: "fall, accident, poison", "caída, accidente, intoxicación", "падение, травма, отравление";
        violence: "violence", "violencia", "насилие";
        baby_fever: "baby’s fever", "fiebre del bebé", "температура у малыша";
        baby_feeding: "baby does not feed", "el bebé no come", "малыш не ест";
        waters: "waters or contractions", "rotura de fuente o contracciones", "воды или схватки";
        movements: "baby moves less", "el bebé se mueve menos", "малыш меньше шевелится";
        headache: "severe headache", "dolor de cabeza intenso", "сильная головная боль";
        vision: "eyesight", "visión", "зрение";
        pain: "severe pain", "dolor intenso", "сильная боль";
        swelling: "swelling", "hinchazón", "отёки";
        fever: "fever", "fiebre", "температура";
    }
}

words! {
    /// Where she is, and what became of a text.
    pub States {
        pregnancy: "pregnancy", "embarazo", "беременность";
        baby: "baby", "bebé", "малыш";
        after_a_loss: "after a loss", "tras una pérdida", "после потери";
        stopped: "stopped", "se dio de baja", "отписана";
        a_stranger: "not enrolled", "no inscrita", "не записана";
        over: "over", "programa terminado", "программа закончена";
    }
}

/// A sign of danger, by its name in the database.
pub fn sign(tongue: Tongue, name: &str) -> &'static str {
    let words = Signs::of(tongue);
    match Sign::named(name) {
        Some(Sign::SelfHarm) => words.self_harm,
        Some(Sign::BabyBreathing) => words.baby_breathing,
        Some(Sign::BabyUnwell) => words.baby_unwell,
        Some(Sign::Convulsion) => words.convulsion,
        Some(Sign::Breathing) => words.breathing,
        Some(Sign::Bleeding) => words.bleeding,
        Some(Sign::Injury) => words.injury,
        Some(Sign::Violence) => words.violence,
        Some(Sign::BabyFever) => words.baby_fever,
        Some(Sign::BabyFeeding) => words.baby_feeding,
        Some(Sign::Waters) => words.waters,
        Some(Sign::Movements) => words.movements,
        Some(Sign::Headache) => words.headache,
        Some(Sign::Vision) => words.vision,
        Some(Sign::Pain) => words.pain,
        Some(Sign::Swelling) => words.swelling,
        Some(Sign::Fever) => words.fever,
        None => "",
    }
}

/// Where she is, as an item keeps it: `pregnancy 26+3`, `after a loss`.
pub(in crate::web::console) fn stage(tongue: Tongue, kept: &str) -> String {
    let words = States::of(tongue);
    let (name, week) = kept.rsplit_once(' ').filter(|(_, week)| week.contains('+')).unwrap_or((kept, ""));
    let name = match name {
        "pregnancy" => words.pregnancy,
        "baby" => words.baby,
        "after a loss" => words.after_a_loss,
        "stopped" => words.stopped,
        "a stranger" => words.a_stranger,
        "over" => words.over,
        other => other,
    };
    match stages::written(tongue, week) {
        Some(age) => format!("{name}, {age}"),
        None => name.to_owned(),
    }
}

/// How urgent an item is, in a word and in a class of the style sheet.
pub fn urgency(words: &Words, urgency: i16) -> (&'static str, &'static str) {
    match urgency {
        0 => (words.danger, "bad"),
        1 => (words.loss, "warn"),
        2 => (words.question, "accent"),
        _ => (words.stranger, ""),
    }
}

/// Why an item was closed.
pub fn why(words: &Words, why: Why) -> &'static str {
    match why {
        Why::Settled => words.why_settled,
        Why::Called => words.why_called,
        Why::NotForUs => words.why_not_for_us,
        Why::Other => words.why_other,
    }
}

/// Why something was not done, in plain words.
pub fn refused(words: &Words, refused: &Refused) -> String {
    match refused {
        Refused::Ended(_, by) => fill(words.r_ended, &[("name", by)]),
        Refused::Taken(by, _) => fill(words.r_taken, &[("name", by)]),
        Refused::Stopped => words.r_stopped.to_owned(),
        Refused::Blocked => words.r_blocked.to_owned(),
        Refused::NoCover => words.r_no_cover.to_owned(),
        Refused::WroteAgain => words.r_wrote.to_owned(),
        Refused::NotTheirs => words.no_person.to_owned(),
        Refused::Gone
        | Refused::NoName(_)
        | Refused::Unknown(_)
        | Refused::Several(_)
        | Refused::NoAccount
        | Refused::Store(_) => words.r_gone.to_owned(),
    }
}

/// So long somebody is at an item without doing anything.
pub fn held(tongue: Tongue) -> String {
    tongue.lasting(HELD)
}
