//! The one reason, as a plain sentence.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::named;
use super::reasons;
use crate::domain::plan::Reader;
use crate::domain::reason;
use crate::domain::why::{Change, Event, Said, Verdict};
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// The sentences.
    pub Words {
        arrived: "She got it: her phone confirmed it.", "Lo recibió: su teléfono lo confirmó.", "Она получила: телефон это подтвердил.";
        handed_over: "It was handed to the provider, who has not said that it arrived. It probably did.", "Se entregó al proveedor, que aún no ha dicho que llegara. Es probable que llegara.", "Передано провайдеру, подтверждения доставки нет. Скорее всего, дошло.";
        sending: "It is being sent right now.", "Se está enviando en este momento.", "Отправляется прямо сейчас.";
        in_doubt: "It may have been sent, and nothing proves it yet. It is not sent again until that is settled.", "Puede que se haya enviado, pero nada lo demuestra todavía. No se repite hasta aclararlo.", "Возможно, отправлено, но подтверждения пока нет. Пока это не выяснится, повторно не отправляется.";
        waiting: "It is ready and goes out at {at}, her time.", "Está listo y sale a las {at}, hora de ella.", "Готово и уйдёт {at} по её времени.";
        in_line: "It is due and stands in line behind other texts.", "Ya le toca y espera su turno detrás de otros mensajes.", "Срок наступил, сообщение ждёт очереди за другими.";
        next_window: "It could not go in the hours in which she may be texted. It waits for the next ones: {at}, her time.", "No pudo salir en las horas en que se le puede escribir. Espera a las siguientes: {at}, hora de ella.", "Не успело уйти в часы, когда ей можно писать. Ждёт следующих: {at} по её времени.";
        sender_held: "Our number may not send until {at}: the provider or its daily limit stopped it. The text waits.", "Nuestro número no puede enviar hasta {at}: lo detuvo el proveedor o su límite diario. El mensaje espera.", "Наш номер не может отправлять до {at}: его остановил провайдер или дневной лимит. Сообщение ждёт.";
        gateway_down: "The gateway did not take it. It is tried again at {at}.", "La pasarela no lo aceptó. Se intenta de nuevo a las {at}.", "Шлюз его не принял. Следующая попытка: {at}.";
        said: "The gateway said: {said}.", "La pasarela dijo: {said}.", "Ответ шлюза: {said}.";
        because: "Reason: {said}.", "Motivo: {said}.", "Причина: {said}.";
        tried_again: "It has not gone yet. It is tried again at {at}.", "Aún no ha salido. Se intenta de nuevo a las {at}.", "Оно ещё не ушло. Следующая попытка: {at}.";
        failed: "It did not reach her.", "No le llegó.", "До неё не дошло.";
        never_settled: "It may have been sent, but nobody could say so before its time was over. It was not sent again, so that she would not get it twice.", "Puede que se enviara, pero nadie pudo confirmarlo antes de que pasara su momento. No se repitió para que no le llegara dos veces.", "Возможно, отправлено, но подтвердить это вовремя не удалось. Повторять не стали, чтобы оно не пришло дважды.";
        not_allowed: "Our number may not text hers: it is not on the list of test numbers, or its country is not served.", "Nuestro número no puede escribir al suyo: no está en la lista de prueba o no se atiende su país.", "Наш номер не может писать на её номер: его нет в списке тестовых, или её страна не обслуживается.";
        expired_trying: "The gateway did not take it until it was too late to be right. A stale tip is not sent.", "La pasarela no lo aceptó hasta que ya era tarde. Un consejo atrasado no se envía.", "Шлюз не принимал его, пока не стало поздно. Устаревший совет не отправляется.";
        expired_waiting: "It could not go out before it was too late to be right: our number was held, or many texts were before it. A stale tip is not sent.", "No pudo salir antes de que fuera tarde: nuestro número estaba detenido o había muchos mensajes delante. Un consejo atrasado no se envía.", "Оно не успело уйти, пока было актуально: наш номер был остановлен или впереди было много сообщений. Устаревший совет не отправляется.";
        taken_back: "It was taken back before it went: {reason}.", "Se anuló antes de salir: {reason}.", "Отменено до отправки: {reason}.";
        no_tip_for: "The library had no approved tip for that place in her language that is written for: {reader}.", "La biblioteca no tenía para ese lugar un consejo aprobado en su idioma y escrito para: {reader}.", "В библиотеке не было одобренного совета для этого места на её языке, предназначенного читателю: {reader}.";
        no_tip: "The library had no approved tip for that place in her language.", "La biblioteca no tenía un consejo aprobado para ese lugar en su idioma.", "В библиотеке не было одобренного совета для этого места на её языке.";
        nothing_vital: "She asked for less: only what is vital comes, and that week has nothing vital.", "Pidió menos: solo llega lo esencial, y esa semana no tiene nada esencial.", "Она попросила писать реже: приходит только самое важное, а на этой неделе такого нет.";
        planned_too_late: "The service came to it when it was already too late to be right: it was not running in time.", "El servicio llegó a él cuando ya era tarde: no estaba funcionando a tiempo.", "Служба дошла до него слишком поздно: она вовремя не работала.";
        repeat: "She had had this very tip before. No tip comes twice.", "Ya había recibido ese mismo consejo. Ninguno llega dos veces.", "Именно этот совет она уже получала. Дважды ничего не приходит.";
        no_window: "Her place is not known, and that day the zones she may be in share no hour in which she may be texted.", "No se sabe dónde vive, y ese día las zonas posibles no comparten ninguna hora en que se le pueda escribir.", "Её место неизвестно, а в тот день у возможных часовых поясов нет общего часа, когда ей можно писать.";
        not_kept: "A tip was sent for that day; its text is older than texts are kept.", "Ese día se envió un consejo; el mensaje es más antiguo de lo que se conserva.", "В тот день совет был; само сообщение старше срока хранения.";
        not_enrolled_yet: "She was not enrolled yet.", "Aún no estaba inscrita.", "Она ещё не была записана.";
        enrolled_that_day: "She enrolled that day. Tips begin on the day after.", "Se inscribió ese día. Los consejos empiezan al día siguiente.", "В этот день она записалась. Советы начинаются на следующий день.";
        stopped: "Her texts have been stopped since {day}.", "Sus mensajes están detenidos desde el {day}.", "Сообщения остановлены с {day}.";
        blocked: "Her provider has refused our texts since {day}, after a STOP there. Only START from her phone lifts it.", "Su proveedor rechaza nuestros mensajes desde el {day}, tras un STOP allí. Solo START desde su teléfono lo levanta.", "Её провайдер не принимает наши сообщения с {day}, после СТОП у него. Снять может только START с её телефона.";
        after_loss: "She told of a loss on {day}. Nothing about pregnancy or baby comes after it.", "Contó una pérdida el {day}. Después no llega nada sobre embarazo o bebé.", "{day} она сообщила о потере. После этого о беременности и малыше ничего не приходит.";
        replaced: "This enrollment ended on {day}: a new one took its place, or it moved to another phone.", "Esta inscripción terminó el {day}: otra ocupó su lugar o pasó a otro teléfono.", "Эта запись закончилась {day}: её сменила новая, или она перешла на другой телефон.";
        completed: "The baby’s first year was over on {day}, and the program with it.", "El primer año del bebé terminó el {day}, y con él el programa.", "{day} закончился первый год малыша, а с ним и программа.";
        paused_then: "She had asked for a pause.", "Había pedido una pausa.", "Она просила паузу.";
        paused_until: "She asked for a pause until {day}.", "Pidió una pausa hasta el {day}.", "Она попросила паузу до {day}.";
        held: "Her due date is more than three weeks past and she has not told of the birth. Nothing comes until she does: nobody guesses.", "Su fecha de parto pasó hace más de tres semanas y no ha contado el nacimiento. No llega nada hasta que lo cuente: nadie adivina.", "Дата родов прошла больше трёх недель назад, а о родах она не сообщила. До тех пор ничего не приходит: мы не гадаем.";
        over: "The program was over: nothing is left to come.", "El programa había terminado: no queda nada por venir.", "Программа закончена: больше ничего не придёт.";
        other_plan: "Nothing was due by the plan that she had then. It changed on {day}: {change}.", "Según el plan que tenía entonces no tocaba nada. Cambió el {day}: {change}.", "По тогдашнему плану ничего не полагалось. План изменился {day}: {change}.";
        other_day: "None was due: her tips come on other days.", "No tocaba: sus consejos llegan otros días.", "Не полагалось: советы приходят в другие дни.";
        fewer_days: "She asked for less: one text a week comes, with only what is vital, on another day.", "Pidió menos: llega un mensaje por semana, solo con lo esencial, otro día.", "Она попросила писать реже: приходит одно самое важное сообщение в неделю, в другой день.";
        next: "The next is on {day}.", "El siguiente es el {day}.", "Следующий: {day}.";
        coming: "It will come at {at}, her time.", "Llegará a las {at}, hora de ella.", "Придёт {at} по её времени.";
        no_tip_yet: "It will be due, but the library has no approved tip for that place in her language yet.", "Tocará, pero la biblioteca aún no tiene un consejo aprobado para ese lugar en su idioma.", "Срок наступит, но одобренного совета для этого места на её языке пока нет.";
        no_tip_for_yet: "It will be due, but the library has no approved tip for that place in her language yet that is written for: {reader}.", "Tocará, pero la biblioteca aún no tiene para ese lugar un consejo aprobado en su idioma y escrito para: {reader}.", "Срок наступит, но пока нет одобренного совета для этого места на её языке, предназначенного читателю: {reader}.";
        not_planned_yet: "It is due, and the service has not come to it yet. If that lasts longer than a few minutes, the service is behind or not running.", "Ya toca, y el servicio aún no ha llegado a él. Si dura más de unos minutos, el servicio va atrasado o no funciona.", "Срок наступил, но служба до него ещё не дошла. Если это длится больше нескольких минут, служба отстаёт или не работает.";
        never_planned: "It was due, and nothing is on record: the service did not plan that day. It was not running, or was brought in later.", "Tocaba, y no hay nada registrado: el servicio no planificó ese día. No funcionaba o se puso en marcha después.", "Срок был, но записей нет: служба в этот день не планировала. Она не работала или начала позже.";
        no_program: "Her program is not in the library that is in force.", "Su programa no está en la biblioteca vigente.", "Её программы нет в действующей библиотеке.";
        change_dates: "her dates were changed, or she came back", "cambiaron sus fechas o volvió", "изменились даты или она вернулась";
        change_born: "her baby was born", "nació su bebé", "родился малыш";
        change_terms: "she asked for other texts, another hour or another language", "pidió otros mensajes, otra hora u otro idioma", "она попросила другие сообщения, время или язык";
        change_place: "she moved to another place", "se mudó", "она переехала";
        change_moved: "she moved to another phone", "pasó a otro teléfono", "она перешла на другой телефон";
        change_stopped: "she stopped", "canceló los mensajes", "она отказалась от сообщений";
        change_lost: "she told of a loss", "contó una pérdida", "она сообщила о потере";
        change_support: "she said yes to texts of support", "aceptó los mensajes de apoyo", "она согласилась на сообщения поддержки";
        change_paused: "she began or ended a pause", "empezó o terminó una pausa", "она начала или закончила паузу";
    }
}

/// A verdict as people read it, times in her zone.
pub fn sentence(tongue: Tongue, zone: Tz, verdict: &Verdict) -> String {
    let words = Words::of(tongue);
    let at = |at: DateTime<Utc>| tongue.moment(at, zone);
    let on_day = |sentence: &str, day: NaiveDate| fill(sentence, &[("day", &tongue.day(day))]);
    let then = |sentence: &str, moment: Option<DateTime<Utc>>| {
        fill(sentence, &[("at", &moment.map_or_else(|| "–".to_owned(), at))])
    };
    let with = |sentence: &str, said: &Option<Said>| match said {
        Some(Said { by_gateway, words: said }) => {
            let who = if *by_gateway { words.said } else { words.because };
            format!("{sentence} {}", fill(who, &[("said", &told(tongue, said))]))
        }
        None => sentence.to_owned(),
    };
    let for_reader = |mothers: &str, others: &str, reader: Reader| match reader {
        Reader::Mother => mothers.to_owned(),
        other => fill(others, &[("reader", named::reader(tongue, other.name()))]),
    };
    let with_next = |sentence: &str, next: &Option<NaiveDate>| match next {
        Some(next) => format!("{sentence} {}", fill(words.next, &[("day", &tongue.weekday(*next))])),
        None => sentence.to_owned(),
    };
    match verdict {
        Verdict::Arrived => words.arrived.to_owned(),
        Verdict::HandedOver => words.handed_over.to_owned(),
        Verdict::Sending => words.sending.to_owned(),
        Verdict::InDoubt => words.in_doubt.to_owned(),
        Verdict::Waiting(moment) => then(words.waiting, *moment),
        Verdict::InLine => words.in_line.to_owned(),
        Verdict::NextWindow(moment) => then(words.next_window, *moment),
        Verdict::SenderHeld(until) => then(words.sender_held, Some(*until)),
        Verdict::GatewayDown { until, said } => {
            let by_us = said.as_ref().is_some_and(|said| !said.by_gateway);
            let sentence = if by_us { words.tried_again } else { words.gateway_down };
            with(&then(sentence, *until), said)
        }
        Verdict::Failed(said) => with(words.failed, said),
        Verdict::NeverSettled => words.never_settled.to_owned(),
        Verdict::NotAllowed => words.not_allowed.to_owned(),
        // That it was too late says it already.
        Verdict::ExpiredTrying(Some(said)) if said.words == reason::LATE => words.expired_trying.to_owned(),
        Verdict::ExpiredTrying(said) => with(words.expired_trying, said),
        Verdict::ExpiredWaiting => words.expired_waiting.to_owned(),
        Verdict::TakenBack(reason) => fill(words.taken_back, &[("reason", &told(tongue, reason))]),
        Verdict::NoTip(reader) => for_reader(words.no_tip, words.no_tip_for, *reader),
        Verdict::NothingVital => words.nothing_vital.to_owned(),
        Verdict::PlannedTooLate => words.planned_too_late.to_owned(),
        Verdict::Repeat => words.repeat.to_owned(),
        Verdict::NoWindow => words.no_window.to_owned(),
        Verdict::NotKept => words.not_kept.to_owned(),
        Verdict::NotEnrolledYet => words.not_enrolled_yet.to_owned(),
        Verdict::EnrolledThatDay => words.enrolled_that_day.to_owned(),
        Verdict::Stopped(day) => on_day(words.stopped, *day),
        Verdict::Blocked(day) => on_day(words.blocked, *day),
        Verdict::AfterLoss(day) => on_day(words.after_loss, *day),
        Verdict::Replaced(day) => on_day(words.replaced, *day),
        Verdict::Completed(day) => on_day(words.completed, *day),
        Verdict::Paused(Some(day)) => on_day(words.paused_until, *day),
        Verdict::Paused(None) => words.paused_then.to_owned(),
        Verdict::Held => words.held.to_owned(),
        Verdict::Over => words.over.to_owned(),
        Verdict::OtherPlan(Event { on, what, .. }) => {
            fill(words.other_plan, &[("day", &tongue.day(*on)), ("change", change(words, *what))])
        }
        Verdict::OtherDay(next) => with_next(words.other_day, next),
        Verdict::FewerDays(next) => with_next(words.fewer_days, next),
        Verdict::Coming(moment) => then(words.coming, Some(*moment)),
        Verdict::NoTipYet(reader) => for_reader(words.no_tip_yet, words.no_tip_for_yet, *reader),
        Verdict::NotPlannedYet => words.not_planned_yet.to_owned(),
        Verdict::NeverPlanned => words.never_planned.to_owned(),
        Verdict::NoProgram => words.no_program.to_owned(),
    }
}

/// How loud a verdict is, and its sign in the calendar.
pub fn badge(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Arrived | Verdict::HandedOver => ("good", "✓"),
        Verdict::Coming(_) | Verdict::Waiting(_) | Verdict::InLine | Verdict::Sending => ("accent", "→"),
        Verdict::Failed(_)
        | Verdict::NeverSettled
        | Verdict::NotAllowed
        | Verdict::ExpiredTrying(_)
        | Verdict::ExpiredWaiting
        | Verdict::PlannedTooLate
        | Verdict::NeverPlanned
        | Verdict::NoProgram => ("bad", "✗"),
        Verdict::NoTip(_)
        | Verdict::NoTipYet(_)
        | Verdict::NoWindow
        | Verdict::InDoubt
        | Verdict::NextWindow(_)
        | Verdict::SenderHeld(_)
        | Verdict::GatewayDown { .. }
        | Verdict::NotPlannedYet
        | Verdict::TakenBack(_)
        | Verdict::Held
        | Verdict::Blocked(_) => ("warn", "!"),
        Verdict::OtherDay(_)
        | Verdict::FewerDays(_)
        | Verdict::OtherPlan(_)
        | Verdict::NotEnrolledYet
        | Verdict::Over => ("", "·"),
        _ => ("", "–"),
    }
}

fn told(tongue: Tongue, reason: &str) -> String {
    reasons::of(tongue, reason).map_or_else(|| reason.trim_end_matches('.').to_owned(), str::to_owned)
}

fn change(words: &Words, change: Change) -> &'static str {
    match change {
        Change::Enrolled | Change::Dates | Change::Undone => words.change_dates,
        Change::Supported => words.change_support,
        Change::Born => words.change_born,
        Change::Terms | Change::Less | Change::More | Change::Reader(_) => words.change_terms,
        Change::Place => words.change_place,
        Change::Moved => words.change_moved,
        Change::Stopped => words.change_stopped,
        Change::Lost => words.change_lost,
        Change::Paused(_) | Change::Back => words.change_paused,
    }
}

/// One of each, for samples and tests.
#[cfg(test)]
pub fn every() -> Vec<Verdict> {
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
    let moment = DateTime::UNIX_EPOCH;
    let by = |by_gateway| Some(Said { by_gateway, words: "<b>@ no such <López>".to_owned() });
    let said = || by(true);
    vec![
        Verdict::Arrived,
        Verdict::HandedOver,
        Verdict::Sending,
        Verdict::InDoubt,
        Verdict::Waiting(Some(moment)),
        Verdict::InLine,
        Verdict::NextWindow(Some(moment)),
        Verdict::SenderHeld(moment),
        Verdict::GatewayDown { until: Some(moment), said: said() },
        Verdict::GatewayDown { until: Some(moment), said: by(false) },
        Verdict::Failed(said()),
        Verdict::Failed(by(false)),
        Verdict::NeverSettled,
        Verdict::NotAllowed,
        Verdict::ExpiredTrying(said()),
        Verdict::ExpiredWaiting,
        Verdict::TakenBack("she texted STOP".to_owned()),
        Verdict::NoTip(Reader::Mother),
        Verdict::NoTip(Reader::Grandparent),
        Verdict::NothingVital,
        Verdict::PlannedTooLate,
        Verdict::Repeat,
        Verdict::NoWindow,
        Verdict::NotKept,
        Verdict::NotEnrolledYet,
        Verdict::EnrolledThatDay,
        Verdict::Stopped(day),
        Verdict::Blocked(day),
        Verdict::AfterLoss(day),
        Verdict::Replaced(day),
        Verdict::Completed(day),
        Verdict::Paused(Some(day)),
        Verdict::Paused(None),
        Verdict::Held,
        Verdict::Over,
        Verdict::OtherPlan(Event { at: moment, on: day, what: Change::Born }),
        Verdict::OtherDay(Some(day)),
        Verdict::FewerDays(Some(day)),
        Verdict::Coming(moment),
        Verdict::NoTipYet(Reader::Mother),
        Verdict::NoTipYet(Reader::Partner),
        Verdict::NotPlannedYet,
        Verdict::NeverPlanned,
        Verdict::NoProgram,
    ]
}
