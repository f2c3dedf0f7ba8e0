//! What is wrong, told first and in words: rules over what the overview knows. Each names what to look at next.
//!
//! A rule speaks only where there is enough to speak of: one failure among three texts is no alarm.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::super::delivery::address;
use super::super::fates::explain;
use super::super::tongue::{Tongue, fill, words};
use super::figures::{Fates, Figures};
use crate::flows::dispatch::DAY_IS_FULL;
use crate::store::outbox::UNASKED;
use crate::worker::Gateways;

/// So many texts must have been tried before a share of them says anything.
const ENOUGH: i64 = 20;
/// So many must have failed of one code, and of one beginning of numbers.
const FAILED_CODE: i64 = 5;
const FAILED_PREFIX: i64 = 10;
/// A code that so large a share of a gateway's texts fails with.
const CODE_SHARE: f64 = 0.05;
/// A beginning of numbers of which so large a share fails, if that is also twice what fails of all.
const PREFIX_SHARE: f64 = 0.10;
/// Answers are late after so long, what nobody asked for after so long.
const LATE_ANSWER: TimeDelta = TimeDelta::minutes(2);
const LATE: TimeDelta = TimeDelta::minutes(15);
/// What a gateway took so long ago it should have reported on.
const REPORTED_AFTER: TimeDelta = TimeDelta::hours(1);
/// Silence is a share of reports below this, where it was above that on some day of the last two weeks: a share of them
/// all would sink with the silence.
const REPORTED: (f64, f64) = (0.05, 0.5);
/// So many texts that are tried again in vain cannot wait, even if nothing else does.
const STUCK: i64 = 5;

words! {
    /// What alarms say.
    pub Words {
        code: "{share} of the texts by {gateway} failed in the last 24 hours with code {code} (texts: {n}).", "El {share} de los mensajes por {gateway} falló en las últimas 24 horas con el código {code} (mensajes: {n}).", "За последние 24 часа {share} сообщений через {gateway} не доставлены с кодом {code} (сообщений: {n}).";
        no_code: "{share} of the texts by {gateway} failed in the last 24 hours without a code (texts: {n}).", "El {share} de los mensajes por {gateway} falló en las últimas 24 horas sin código (mensajes: {n}).", "За последние 24 часа {share} сообщений через {gateway} не доставлены, код не указан (сообщений: {n}).";
        prefix: "{share} of the texts to numbers that begin with {prefix} failed in the last 24 hours (texts: {n}); of all texts {all}.", "El {share} de los mensajes a números que empiezan por {prefix} falló en las últimas 24 horas (mensajes: {n}); del total, el {all}.", "За последние 24 часа {share} сообщений на номера с началом {prefix} не доставлены (сообщений: {n}); из всех – {all}.";
        silence: "{gateway} has stopped reporting: of {n} texts that it took between {from} and {to} it reported on {reported}.", "{gateway} ha dejado de informar: de {n} mensajes que aceptó entre {from} y {to} informó sobre {reported}.", "{gateway} перестал присылать отчёты: принято с {from} до {to} – {n}, отчётов – {reported}.";
        mute: "{gateway} does not report what becomes of texts: of {n} that it took between {from} and {to}, on none. See whether it has the right address for its reports.", "{gateway} no informa qué pasa con los mensajes: de {n} que aceptó entre {from} y {to}, de ninguno. Compruebe que tenga la dirección correcta para sus informes.", "{gateway} не сообщает о судьбе сообщений: принято с {from} до {to} – {n}, отчётов нет. Проверьте, верный ли у него адрес для отчётов.";
        late_answers: "Answers to mothers wait since {since} ({age}): {n}, sender {sender}.", "Hay respuestas a madres en espera desde {since} ({age}): {n}, remitente {sender}.", "Ответы мамам ждут с {since} ({age}): {n}, отправитель {sender}.";
        late: "Texts are late since {since} ({age}): {n}, sender {sender}, {program}.", "Hay mensajes retrasados desde {since} ({age}): {n}, remitente {sender}, {program}.", "Сообщения опаздывают с {since} ({age}): {n}, отправитель {sender}, {program}.";
        no_tip: "{n} tips of {program} were not sent in the last 24 hours: the library has none for that week and language that may be sent.", "En las últimas 24 horas no se enviaron {n} consejos de {program}: la biblioteca no tiene ninguno para esa semana e idioma que se pueda enviar.", "За последние 24 часа не отправлено советов программы {program}: {n}. В библиотеке нет подходящих для этой недели и языка.";
        skip_expired: "{n} tips of {program} were not sent in the last 24 hours: the service came to them too late.", "En las últimas 24 horas no se enviaron {n} consejos de {program}: el servicio llegó tarde a ellos.", "За последние 24 часа не отправлено советов программы {program}: {n}. Служба дошла до них слишком поздно.";
        no_window: "{n} tips of {program} were not sent in the last 24 hours: the zones where she may be have no hour in common.", "En las últimas 24 horas no se enviaron {n} consejos de {program}: las zonas donde ella puede estar no tienen ninguna hora en común.", "За последние 24 часа не отправлено советов программы {program}: {n}. У её возможных часовых поясов нет общего разрешённого часа.";
        held: "Sender {sender} sends nothing until {until}.", "El remitente {sender} no envía nada hasta el {until}.", "Отправитель {sender} ничего не отправляет до {until}.";
        day_is_full: "It has sent as many segments today as it may.", "Ya envió hoy todos los segmentos que puede.", "Сегодня он отправил столько сегментов, сколько можно.";
        circuit: "{gateway} does not answer sender {sender} since {since}. Texts wait, and are tried again by themselves.", "{gateway} no responde al remitente {sender} desde el {since}. Los mensajes esperan y se reintentan solos.", "{gateway} не отвечает отправителю {sender} с {since}. Сообщения ждут, попытки повторяются сами.";
        doubt: "{n} texts of sender {sender} may have been sent, and nothing proves it yet.", "{n} mensajes del remitente {sender} quizá se enviaron, y nada lo demuestra aún.", "Неясно, отправлены ли сообщения отправителя {sender}: {n}. Подтверждений пока нет.";
        danger: "{n} woman told of danger and has waited {age} for an answer.|{n} women told of danger and wait for an answer, the first for {age}.", "{n} mujer avisó de un peligro y espera respuesta desde hace {age}.|{n} mujeres avisaron de un peligro y esperan respuesta; la primera, desde hace {age}.", "{n} женщина сообщила об опасности и ждёт ответа уже {age}.|{n} женщины сообщили об опасности и ждут ответа; дольше всех – {age}.|{n} женщин сообщили об опасности и ждут ответа; дольше всех – {age}.";
        look: "Look at these texts", "Ver estos mensajes", "Посмотреть эти сообщения";
        look_waiting: "Look at what is waiting", "Ver lo que está en espera", "Посмотреть, что не отправлено";
        look_inbox: "To the inbox", "A los mensajes recibidos", "Ко входящим";
        look_library: "To the library", "Ir a la biblioteca", "К библиотеке";
    }
}

/// Why we hold a sender back ourselves; none: the provider has said why, in its own words.
pub fn held_because(tongue: Tongue, reason: Option<&str>) -> Option<&'static str> {
    (reason == Some(DAY_IS_FULL)).then(|| Words::of(tongue).day_is_full)
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// It cannot wait.
    pub grave: bool,
    /// What it is.
    pub said: String,
    /// More about it.
    pub beside: String,
    /// What a provider says of it, in English.
    pub quoted: String,
    /// What is looked at next: its name and its address.
    pub link: Option<(&'static str, String)>,
}

/// Who tells it to whom.
pub struct Teller<'a> {
    /// The language.
    pub tongue: Tongue,
    /// The zone in which times are told.
    pub zone: Tz,
    /// The gateways, for what their codes mean.
    pub gateways: &'a Gateways,
    /// They may answer what mothers write.
    pub answers: bool,
    /// They may look at the library.
    pub browses: bool,
}

impl Teller<'_> {
    /// Everything that is wrong, what cannot wait first.
    pub fn tell(&self, figures: &Figures) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        self.people(figures, &mut alarms);
        self.senders(figures, &mut alarms);
        self.backlog(figures, &mut alarms);
        self.silence(figures, &mut alarms);
        self.codes(figures, &mut alarms);
        self.prefixes(figures, &mut alarms);
        self.skipped(figures, &mut alarms);
        alarms.sort_by_key(|alarm| !alarm.grave);
        alarms
    }

    fn words(&self) -> &'static Words {
        Words::of(self.tongue)
    }

    fn people(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        for (urgency, items, since) in &figures.helps {
            if *urgency == 0 && *items > 0 {
                let age = self.tongue.lasting(figures.now - *since);
                alarms.push(Alarm {
                    grave: true,
                    said: fill(&self.tongue.counted(*items, self.words().danger), &[("age", &*age)]),
                    beside: String::new(),
                    quoted: String::new(),
                    link: self.answers.then(|| (self.words().look_inbox, "/console/inbox".to_owned())),
                });
            }
        }
    }

    fn senders(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        let now = figures.now;
        for kept in &figures.keeping {
            // What was held for longer than a day was written by a clock that was wrong.
            let Some(until) =
                kept.held_until.filter(|until| *until > now && *until - now < TimeDelta::days(2))
            else {
                continue;
            };
            let until = self.tongue.moment(until, self.zone);
            let reason = kept.hold_reason.as_deref();
            let own = held_because(self.tongue, reason);
            let values = [("sender", &*kept.sender), ("until", &*until)];
            alarms.push(Alarm {
                grave: true,
                said: fill(self.words().held, &values),
                quoted: if own.is_some() { String::new() } else { reason.unwrap_or_default().to_owned() },
                beside: own.unwrap_or_default().to_owned(),
                link: Some((self.words().look_waiting, address(&[("range", "7d"), ("state", "queued")]))),
            });
        }
        for (sender, gateway, since) in &figures.circuits {
            let since = self.tongue.moment(*since, self.zone);
            let values = [("sender", &**sender), ("gateway", &**gateway), ("since", &*since)];
            alarms.push(Alarm {
                grave: true,
                said: fill(self.words().circuit, &values),
                beside: String::new(),
                quoted: String::new(),
                link: Some((self.words().look_waiting, address(&[("range", "24h"), ("state", "queued")]))),
            });
        }
        let mut doubts = std::collections::BTreeMap::<&str, i64>::new();
        for (sender, _, texts) in &figures.doubts {
            *doubts.entry(sender).or_default() += texts;
        }
        for (sender, texts) in doubts {
            let values = [("sender", sender), ("n", &*self.tongue.number(texts))];
            alarms.push(Alarm {
                grave: false,
                said: fill(self.words().doubt, &values),
                beside: String::new(),
                quoted: String::new(),
                link: Some((self.words().look, address(&[("range", "7d"), ("state", "in_doubt")]))),
            });
        }
    }

    fn backlog(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        for line in &figures.lines {
            let Some(since) = line.waiting.late_since() else { continue };
            let age = figures.now - since;
            let is_answer = line.lane != UNASKED && line.lane != crate::store::outbox::URGENT;
            if age < if is_answer { LATE_ANSWER } else { LATE } {
                continue;
            }
            let (since, age) = (self.clock(since, figures.now), self.tongue.lasting(age));
            let late = line.waiting.late();
            let n = self.tongue.at_least(late, line.waiting.more);
            let program = line.program.as_deref().unwrap_or("–");
            let values = [
                ("since", &*since),
                ("age", &*age),
                ("n", &*n),
                ("sender", &*line.sender),
                ("program", program),
            ];
            let words = if is_answer { self.words().late_answers } else { self.words().late };
            let mut query = vec![("range", "7d"), ("state", "queued")];
            query.extend(line.program.as_deref().map(|program| ("program", program)));
            alarms.push(Alarm {
                grave: is_answer || line.waiting.due > 0 || late >= STUCK,
                said: fill(words, &values),
                beside: String::new(),
                quoted: String::new(),
                link: Some((self.words().look_waiting, address(&query))),
            });
        }
    }

    fn clock(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let (local, today) = (at.with_timezone(&self.zone), now.with_timezone(&self.zone));
        let is_today = local.date_naive() == today.date_naive();
        let time =
            if is_today { local.format("%H:%M").to_string() } else { self.tongue.moment(at, self.zone) };
        match self.tongue {
            Tongue::Es if is_today => format!("las {time}"),
            Tongue::Es => format!("el {time}"),
            _ => time,
        }
    }

    fn silence(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        let mut gateways: Vec<&String> = figures.routes_day.keys().map(|(_, gateway)| gateway).collect();
        gateways.sort();
        gateways.dedup();
        for gateway in gateways {
            let Some(last) = figures.last_taken(gateway, REPORTED_AFTER, ENOUGH) else { continue };
            let reported = last.fates.reported();
            if reported as f64 >= last.fates.tried() as f64 * REPORTED.0 {
                continue;
            }
            // Each that is configured is asked to report.
            let stopped = figures.reports_usually(gateway, ENOUGH, REPORTED.1);
            if !stopped && (reported > 0 || self.gateways.get(gateway).is_none()) {
                continue;
            }
            let values = [
                ("gateway", &**gateway),
                ("n", &*self.tongue.number(last.fates.tried())),
                ("reported", &*self.tongue.number(reported)),
                ("from", &*self.clock(last.from, figures.now)),
                ("to", &*self.clock(last.to, figures.now)),
            ];
            let query = [("range", "24h"), ("state", "underway"), ("gateway", gateway)];
            alarms.push(Alarm {
                grave: true,
                said: fill(if stopped { self.words().silence } else { self.words().mute }, &values),
                beside: String::new(),
                quoted: String::new(),
                link: Some((self.words().look, address(&query))),
            });
        }
    }

    fn codes(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        for (gateway, code, texts) in &figures.codes_day {
            let routes = figures.routes_day.iter().filter(|(route, _)| route.1 == *gateway);
            let tried: i64 = routes.flat_map(|(_, hours)| hours.values()).map(|fates| fates.tried()).sum();
            let share = *texts as f64 / tried.max(1) as f64;
            if tried < ENOUGH || *texts < FAILED_CODE || share < CODE_SHARE {
                continue;
            }
            let (share, n) = (self.tongue.percent(share), self.tongue.number(*texts));
            let values = [("share", &*share), ("gateway", &**gateway), ("code", &**code), ("n", &*n)];
            let words = if code.is_empty() { self.words().no_code } else { self.words().code };
            let mut query = vec![("range", "24h"), ("state", "failed"), ("gateway", &**gateway)];
            if !code.is_empty() {
                query.push(("code", code));
            }
            alarms.push(Alarm {
                grave: true,
                said: fill(words, &values),
                beside: explain(self.gateways, self.tongue, gateway, code).class.to_owned(),
                quoted: String::new(),
                link: Some((self.words().look, address(&query))),
            });
        }
    }

    fn prefixes(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        let all = figures
            .prefixes_day
            .values()
            .fold((0, 0), |(failed, tried), fates| (failed + fates.failed, tried + fates.tried()));
        let usual = all.0 as f64 / all.1.max(1) as f64;
        let mut worst: Vec<(&String, &Fates, f64)> = figures
            .prefixes_day
            .iter()
            .map(|(prefix, fates)| (prefix, fates, fates.failed as f64 / fates.tried().max(1) as f64))
            .filter(|(_, fates, share)| {
                fates.failed >= FAILED_PREFIX && *share >= PREFIX_SHARE && *share >= usual * 2.0
            })
            .collect();
        worst.sort_by_key(|(_, fates, _)| std::cmp::Reverse(fates.failed));
        // An outage of one operator shows in many beginnings: the worst tell of it.
        for (prefix, fates, share) in worst.into_iter().take(5) {
            let (share, all) = (self.tongue.percent(share), self.tongue.percent(usual));
            let n = self.tongue.number(fates.failed);
            let values = [("share", &*share), ("prefix", &**prefix), ("n", &*n), ("all", &*all)];
            let query = [("range", "24h"), ("state", "failed"), ("prefix", prefix)];
            alarms.push(Alarm {
                grave: false,
                said: fill(self.words().prefix, &values),
                beside: String::new(),
                quoted: String::new(),
                link: Some((self.words().look, address(&query))),
            });
        }
    }

    fn skipped(&self, figures: &Figures, alarms: &mut Vec<Alarm>) {
        for (program, outcome, texts) in &figures.skipped_day {
            let words = match outcome.as_str() {
                "no_tip" => self.words().no_tip,
                "expired" => self.words().skip_expired,
                "no_window" => self.words().no_window,
                // She had it already: as it should be.
                _ => continue,
            };
            let values = [("n", &*self.tongue.number(*texts)), ("program", &**program)];
            let link = (outcome == "no_tip" && self.browses)
                .then(|| (self.words().look_library, "/console/library".to_owned()));
            let said = fill(words, &values);
            alarms.push(Alarm { grave: false, said, beside: String::new(), quoted: String::new(), link });
        }
    }
}
