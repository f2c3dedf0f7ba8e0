//! What is said of the things that are done for her.

use chrono::NaiveDate;

use super::acts::Act;
use crate::domain::conversation::NotDone;
use crate::domain::gestation::{Anchor, stage_on};
use crate::flows::acting::{NotAgain, Refused};
use crate::web::console::stages;
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// What is said.
    pub Words {
        date: "Change the date", "Cambiar la fecha", "Изменить дату";
        date_lead: "A due date that was wrong, or a birthday. Texts follow the new one from today.", "Una fecha de parto equivocada, o de nacimiento. Los mensajes siguen la nueva desde hoy.", "Если дата родов или день рождения указаны неверно. С сегодняшнего дня сообщения пойдут по новой дате.";
        birth: "Report a birth", "Informar de un nacimiento", "Сообщить о родах";
        birth_lead: "Her baby, or babies, are here. From today texts follow the baby’s age.", "Su bebé, o bebés, ya nacieron. Desde hoy los mensajes siguen la edad del bebé.", "Малыш или малыши родились. С сегодняшнего дня сообщения идут по возрасту малыша.";
        loss: "Report a loss", "Informar de una pérdida", "Сообщить о потере";
        loss_lead: "Everything about pregnancy and baby stops at once. She can undo it by UNDO within 30 days.", "Todo lo relativo a embarazo y bebé se detiene de inmediato. Ella puede deshacerlo con DESHACER durante 30 días.", "Всё о беременности и малыше прекращается сразу. В течение 30 дней она может отменить это словом НАЗАД.";
        less: "Fewer texts", "Menos mensajes", "Писать реже";
        less_lead: "Only what is vital, one text a week.", "Solo lo esencial, un mensaje por semana.", "Только самое важное, одно сообщение в неделю.";
        all: "All texts again", "Todos los mensajes de nuevo", "Снова все сообщения";
        all_lead: "Everything as usual: no pause, nothing left out.", "Todo como siempre: sin pausa y sin omitir nada.", "Всё как обычно: без паузы и пропусков.";
        pause: "Pause", "Pausa", "Пауза";
        pause_lead: "No tips until a day, half a year at most, or until she asks for them. Reminders of visits still come.", "Sin consejos hasta un día, medio año como máximo, o hasta que los pida. Los recordatorios de citas siguen.", "Без советов до указанного дня, не дольше полугода, или пока она не попросит. Напоминания о приёмах приходят.";
        resume: "End the pause", "Terminar la pausa", "Закончить паузу";
        resume_lead: "Tips come again from today.", "Los consejos vuelven desde hoy.", "Советы снова приходят с сегодняшнего дня.";
        hour: "Her hour", "A qué hora le llegan", "Удобное время";
        hour_lead: "The time of day at which tips come, by her clock.", "La hora a la que llegan los consejos, según su reloj.", "Время, в которое приходят советы, по её часам.";
        move_: "Move to another phone", "Pasar a otro teléfono", "Перейти на другой телефон";
        move_lead: "The other phone is asked whether it is hers, as with MOVE. Nothing moves before it says YES.", "Se pregunta al otro teléfono si es suyo, como con CELULAR. Nada cambia antes de que responda SÍ.", "На другой телефон придёт вопрос, её ли он, как по словам НОВЫЙ НОМЕР. До ответа ДА ничего не меняется.";
        stop: "End the texts", "Dar de baja los mensajes", "Прекратить сообщения";
        stop_lead: "Everything ends, and she gets one text that says so. Only START from her phone brings texts back: nobody can do that for her.", "Todo termina y recibe un mensaje que lo dice. Solo START desde su teléfono los reanuda: nadie puede hacerlo por ella.", "Всё прекращается, и ей придёт одно сообщение об этом. Возобновить может только она сама словом СТАРТ: никто не сделает это за неё.";
        resend: "Send the last text again", "Reenviar el último mensaje", "Отправить последнее сообщение ещё раз";
        resend_lead: "For a woman who deleted it or never got it.", "Para quien lo borró o no lo recibió.", "Если она его удалила или не получила.";
        send: "Write to her", "Escribirle", "Написать ей";
        send_lead: "One text from you, sent as the service’s. She can answer it; her answer comes to the inbox.", "Un mensaje suyo, enviado como del servicio. Ella puede responder; su respuesta llega a los mensajes recibidos.", "Одно ваше сообщение от имени службы. Она может ответить; ответ придёт во входящие.";
        erase: "Erase her data", "Borrar los datos de ella", "Удалить её данные";
        erase_lead: "All that is held of her goes and cannot be brought back, as with DELETE and YES. A proof remains that she agreed and that she ended it, without her number.", "Todo lo que se guarda de ella desaparece y no se puede recuperar, como con BORRAR y SÍ. Queda constancia de que aceptó y de que terminó, sin su número.", "Всё, что о ней хранится, исчезнет без возможности восстановления, как по словам СТЕРЕТЬ и ДА. Останется подтверждение согласия и отказа, без номера.";
        enrollment: "Enrollment", "Inscripción", "Запись";
        right_date: "The right date", "La fecha correcta", "Правильная дата";
        born: "Born on", "Nació el", "Дата рождения";
        born_more: "Another baby, born on", "Otro bebé, nacido el", "Дата рождения ещё одного малыша";
        born_hint: "For twins of one day one date is enough if it is known that there are two.", "Para gemelos del mismo día basta una fecha si ya se sabe que son dos.", "Для двойни, рождённой в один день, достаточно одной даты, если известно, что детей двое.";
        lost: "What was lost", "Qué se perdió", "Что произошло";
        lost_all: "the pregnancy, or all babies", "el embarazo, o todos los bebés", "потеря беременности или всех детей";
        lost_one: "one of the babies", "uno de los bebés", "потеря одного из детей";
        lost_baby: "the baby born on {day}", "el bebé nacido el {day}", "потеря ребёнка, рождённого {day}";
        until: "Tips again from", "Consejos de nuevo desde", "Советы снова с";
        until_hint: "Empty: until she asks for them.", "Vacío: hasta que los pida.", "Пусто: пока она не попросит.";
        time: "Time", "Hora", "Время";
        number: "The other phone’s number", "Número del otro teléfono", "Номер другого телефона";
        words_: "Words", "Texto", "Текст";
        why: "On whose word, and why", "Quién lo pidió y por qué", "По чьей просьбе и почему";
        why_hint: "Kept in the audit. Write no names and no numbers.", "Queda en la auditoría. No escriba nombres ni números.", "Сохраняется в журнале. Не указывайте имён и номеров.";
        tell: "Tell her by text", "Avisarle por mensaje", "Сообщить ей";
        sure: "I have read this, and it is to be done.", "Lo he leído y debe hacerse.", "Я прочитал(а) это, нужно выполнить.";
        not_sure: "Tick this first, if you are sure.", "Marque la casilla si está de acuerdo.", "Поставьте отметку, если вы уверены.";
        look: "Look at what will happen", "Ver qué pasará", "Посмотреть, что произойдёт";
        do_it: "Do it", "Hacerlo", "Выполнить";
        back: "Back to her page", "Volver a la ficha de la madre", "Назад к её странице";
        otherwise: "Change it", "Cambiarlo", "Изменить";
        preview: "This will be done", "Esto se hará", "Будет сделано";
        now: "Now", "Ahora", "Сейчас";
        then: "Then", "Después", "Станет";
        due_then: "due {day}: {weeks} today", "fecha de parto {day}: {weeks} hoy", "роды {day}: сегодня {weeks}";
        born_then: "born {day}: {weeks} today", "nacimiento {day}: {weeks} hoy", "рождение {day}: сегодня {weeks}";
        of_all: "All {n} babies expected were born that day.", "Los {n} bebés esperados nacieron ese día.", "В этот день родились все ожидаемые дети ({n}).";
        taken_back: "{n} queued text is taken back|{n} queued texts are taken back", "se anula {n} mensaje en espera|se anulan {n} mensajes en espera", "будет отменено {n} ожидающее сообщение|будут отменены {n} ожидающих сообщения|будет отменено {n} ожидающих сообщений";
        she_gets: "She gets", "Recibe", "Ей придёт";
        at_once: "at once", "de inmediato", "сразу";
        at: "at {at}, her time", "a las {at}, hora de ella", "{at} по её времени";
        elsewhere: "She is told of it by text, {at}, in the words of a program that you do not work for.", "Se le avisa por mensaje, {at}, con las palabras de un programa en el que usted no trabaja.", "Ей придёт об этом сообщение, {at}, словами программы, в которой вы не работаете.";
        nothing: "She is told nothing by text.", "No se le avisa por mensaje.", "Ей ничего не сообщается.";
        other_asked: "The phone {number} is asked whether it is hers, in its hours.", "Se pregunta al teléfono {number} si es suyo, en sus horas.", "На телефон {number} придёт вопрос, её ли он, в дневные часы.";
        covered: "Others may read her phone: she sees “{words}” and reads the rest when she is alone.", "Otros pueden leer su teléfono: verá «{words}» y leerá el resto cuando esté sola.", "Её телефон могут читать другие: она увидит «{words}», а остальное прочитает, когда будет одна.";
        no_reason: "Say in a few words on whose word and why.", "Diga en pocas palabras quién lo pidió y por qué.", "Коротко напишите, по чьей просьбе и почему.";
        no_enrollment: "Choose which enrollment is meant.", "Elija de qué inscripción se trata.", "Выберите, о какой записи речь.";
        no_date: "Write the day as 2027-04-12.", "Escriba el día como 2027-04-12.", "Напишите день в виде 2027-04-12.";
        no_time: "Write the time as 18:30.", "Escriba la hora como 18:30.", "Напишите время в виде 18:30.";
        no_number: "No phone of her program’s countries has this number.", "Ningún teléfono de los países de su programa tiene este número.", "В странах её программы нет телефона с таким номером.";
        no_words: "Write what she is to read.", "Escriba lo que ella debe leer.", "Напишите, что она должна прочитать.";
        too_long: "That is too long: at most 1,600 characters.", "Es demasiado largo: 1600 caracteres como máximo.", "Слишком длинно: не более 1600 знаков.";
        changed: "She has changed meanwhile: she wrote, or somebody else did something for her. Nothing was done. Look again.", "Ella cambió entretanto: escribió o alguien hizo algo por ella. No se hizo nada. Mírelo de nuevo.", "За это время у неё что-то изменилось: она написала, или кто-то что-то сделал за неё. Ничего не выполнено. Посмотрите ещё раз.";
        done: "Done: {what}.", "Hecho: {what}.", "Готово: {what}.";
        not_enrolled: "She is enrolled in nothing that this could be done to.", "No está inscrita en nada a lo que esto pueda aplicarse.", "Она не записана ни в одну программу, где это возможно.";
        is_stopped: "She has stopped. Only START from her own phone brings texts back.", "Ella canceló los mensajes. Solo START desde su teléfono los reanuda.", "Она отказалась от сообщений. Возобновить может только СТАРТ с её телефона.";
        after_loss: "She has told of a loss. After it no dates and no pace are changed; a new pregnancy begins with the start word from her phone.", "Contó una pérdida. Después no se cambian fechas ni ritmo; un nuevo embarazo empieza con la palabra de inicio desde su teléfono.", "Она сообщила о потере. После этого даты и частота не меняются; новая беременность начинается с слова для записи с её телефона.";
        already: "It is so already.", "Ya es así.", "Уже так и есть.";
        too_far: "A due date lies at most 280 days ahead.", "Una fecha de parto está como máximo a 280 días.", "Дата родов может быть не дальше чем через 280 дней.";
        too_old: "It lies too far back: a due date at most three weeks, a birth at most a year.", "Queda demasiado atrás: una fecha de parto, tres semanas como máximo; un nacimiento, un año.", "Слишком давно: дата родов – не больше трёх недель назад, рождение – не больше года.";
        born_in_future: "This day is still to come.", "Ese día aún no ha llegado.", "Этот день ещё не наступил.";
        too_early: "This is too early for her due date. If the due date was wrong, change it first.", "Es demasiado pronto para su fecha de parto. Si la fecha estaba mal, cámbiela antes.", "Это слишком рано для указанной даты родов. Если дата неверна, сначала исправьте её.";
        not_together: "These cannot be births of one pregnancy: twins are born at most 60 days apart.", "No pueden ser nacimientos de un mismo embarazo: los gemelos nacen con 60 días de diferencia como máximo.", "Это не могут быть роды одной беременности: между рождением близнецов не больше 60 дней.";
        another_pregnancy: "A due date after a birth is another pregnancy: she begins it with the start word, or enroll her anew.", "Una fecha de parto tras un nacimiento es otro embarazo: ella lo empieza con la palabra de inicio, o inscríbala de nuevo.", "Дата родов после рождения – это новая беременность: она начинает её с слова для записи, или запишите её заново.";
        tell_the_birth: "Report it as a birth.", "Infórmelo como nacimiento.", "Сообщите это как роды.";
        pause_day: "A pause ends on a day to come, within half a year.", "Una pausa termina un día futuro, dentro de medio año.", "Пауза заканчивается в будущем, не позже чем через полгода.";
        outside_hours: "She may be texted from {opens} to {closes}.", "Se le puede escribir de {opens} a {closes}.", "Писать ей можно с {opens} до {closes}.";
        may_not_move: "That phone cannot be asked: it is this one, it has stopped, it gets texts of its own, or it was asked already.", "No se puede preguntar a ese teléfono: es este mismo, canceló los mensajes, recibe los suyos o ya se le preguntó.", "Этот телефон нельзя спросить: это он же, он отказался от сообщений, получает свои или его уже спросили.";
        no_such_baby: "She has no such baby.", "No tiene ese bebé.", "Такого ребёнка у неё нет.";
        is_blocked: "The provider refuses our texts. Only START from her phone lifts it.", "El proveedor rechaza nuestros mensajes. Solo START desde su teléfono lo levanta.", "Провайдер не принимает наши сообщения. Снять может только START с её телефона.";
        no_sender: "Her program or our number for her is not in use any more.", "Su programa o nuestro número para ella ya no está en uso.", "Её программа или наш номер для неё больше не используется.";
        no_cover: "Others may read her phone, and the library has no neutral words in her language.", "Otros pueden leer su teléfono y la biblioteca no tiene palabras discretas en su idioma.", "Её телефон могут читать другие, а в библиотеке нет нейтральных слов на её языке.";
        no_last: "There is no text of the last 30 days.", "No hay ningún mensaje de los últimos 30 días.", "За последние 30 дней сообщений нет.";
        on_its_way: "The last text is still on its way.", "El último mensaje aún está en camino.", "Последнее сообщение ещё в пути.";
        before_loss: "The last text was from before her loss.", "El último mensaje es anterior a su pérdida.", "Последнее сообщение было до её потери.";
        not_right: "The last text is not right any more: its time is over, or it was recalled.", "El último mensaje ya no es correcto: pasó su momento o fue retirado.", "Последнее сообщение больше не актуально: его время прошло или оно отозвано.";
        discreet: "Others may read her phone: she reads what waits herself, with READ.", "Otros pueden leer su teléfono: ella misma lee lo que espera, con LEER.", "Её телефон могут читать другие: она сама прочитает ожидающее словом ЧИТАТЬ.";
    }
}

/// What a thing to do is called, and what it means.
pub fn called(words: &'static Words, act: Act) -> (&'static str, &'static str) {
    match act {
        Act::Date => (words.date, words.date_lead),
        Act::Birth => (words.birth, words.birth_lead),
        Act::Loss => (words.loss, words.loss_lead),
        Act::Less => (words.less, words.less_lead),
        Act::All => (words.all, words.all_lead),
        Act::Pause => (words.pause, words.pause_lead),
        Act::Resume => (words.resume, words.resume_lead),
        Act::Hour => (words.hour, words.hour_lead),
        Act::Move => (words.move_, words.move_lead),
        Act::Stop => (words.stop, words.stop_lead),
        Act::Resend => (words.resend, words.resend_lead),
        Act::Send => (words.send, words.send_lead),
        Act::Erase => (words.erase, words.erase_lead),
    }
}

/// A date, and how far along that makes her today.
pub fn told(tongue: Tongue, anchor: Anchor, today: NaiveDate) -> String {
    let words = Words::of(tongue);
    let weeks = stage_on(anchor, today)
        .map_or_else(|| "–".to_owned(), |stage| stages::age(tongue, stage.week, stage.day));
    let (sentence, day) = match anchor {
        Anchor::Due(day) => (words.due_then, day),
        Anchor::Born(day) => (words.born_then, day),
    };
    fill(sentence, &[("day", &tongue.day(day)), ("weeks", &weeks)])
}

/// Why something is not done; none: it broke.
pub fn refused(tongue: Tongue, refused: &Refused) -> Option<String> {
    let words = Words::of(tongue);
    let plain = match refused {
        Refused::NotDone(NotDone::OutsideHours(opens, closes)) => {
            let [opens, closes] = [opens, closes].map(|time| time.format("%H:%M").to_string());
            return Some(fill(words.outside_hours, &[("opens", &opens), ("closes", &closes)]));
        }
        Refused::NotDone(why) => not_done(words, *why),
        Refused::Changed => words.changed,
        Refused::NoSender => words.no_sender,
        Refused::Stopped => words.is_stopped,
        Refused::Blocked => words.is_blocked,
        Refused::Empty => words.no_words,
        Refused::NoCover => words.no_cover,
        Refused::NothingToResend(NotAgain::None) => words.no_last,
        Refused::NothingToResend(NotAgain::OnItsWay) => words.on_its_way,
        Refused::NothingToResend(NotAgain::AfterLoss) => words.before_loss,
        Refused::NothingToResend(NotAgain::NotRight) => words.not_right,
        Refused::NothingToResend(NotAgain::Discreet) => words.discreet,
        Refused::Gone | Refused::Store(_) => return None,
    };
    Some(plain.to_owned())
}

fn not_done(words: &'static Words, why: NotDone) -> &'static str {
    match why {
        NotDone::NotEnrolled => words.not_enrolled,
        NotDone::Stopped => words.is_stopped,
        NotDone::AfterLoss => words.after_loss,
        NotDone::Already => words.already,
        NotDone::TooFar => words.too_far,
        NotDone::TooOld => words.too_old,
        NotDone::BornInFuture => words.born_in_future,
        NotDone::TooEarly => words.too_early,
        NotDone::NotTogether => words.not_together,
        NotDone::AnotherPregnancy => words.another_pregnancy,
        NotDone::TellTheBirth => words.tell_the_birth,
        NotDone::PauseDay => words.pause_day,
        NotDone::OutsideHours(..) => words.time,
        NotDone::MayNotMove => words.may_not_move,
        NotDone::NoSuchBaby => words.no_such_baby,
    }
}
