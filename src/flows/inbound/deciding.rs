//! What one text comes to: who writes to whom, what her words mean, and everything that follows, in the
//! transaction it is given.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use self::beginning::Beginning;
use self::looking::Looking;
use crate::domain::conversation::{
    Conversation, Effect, Enrolled, EnrollmentState, Listening, Scene, heeded, respond,
};
use crate::domain::keyword::{self, Intent, Keywords, Parsed, Script};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::request::{Asked, Request};
use crate::flows::effects::{ANSWERS, Carrying, SPAN, tell_refused};
use crate::flows::exchange::Exchange;
use crate::flows::senders::{Audience, Sender};
use crate::flows::{Edition, Service};
use crate::library::{Allowed, Program};
use crate::store::inbox::Waiting;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::talk::{self, OpenQuestion};
use crate::store::{StoreResult, Tx};

mod beginning;
mod looking;

pub(in crate::flows) use self::looking::may_move;

/// Help for a text that answers no question is given once in this time.
const HINT_PAUSE: TimeDelta = TimeDelta::hours(24);
/// The same text so often in a row comes from a machine: it is heard, and not answered.
const ECHOES: i32 = 3;
/// Longer apart than this, the same text is no echo: HELP every month is a woman who needs help every month.
const ECHO_MEMORY: TimeDelta = TimeDelta::hours(24);

/// Decides and carries out; gives what the text was taken for.
pub(super) async fn decide(
    service: &Service,
    tx: &mut Tx,
    text: &Waiting,
    now: DateTime<Utc>,
) -> StoreResult<&'static str> {
    let edition = service.shelf.edition();
    let Some(sender) = service.senders.get(&text.sender).cloned() else {
        return Ok("no_sender");
    };
    let programs: Vec<&Program> =
        sender.programs.iter().filter_map(|id| edition.library.program(id)).collect();
    let Some(first) = programs.first() else {
        return Ok("no_program");
    };
    let Some(phone) = number(&text.phone, &sender, &programs) else {
        return Ok("not_a_number");
    };
    if !sender.may_text(&phone) {
        return Ok("not_listed");
    }
    let region = phone.region();
    let subscriber = people::lock_or_insert(tx, service.id(), &phone, region.as_deref(), now).await?;
    let mut parsed =
        keyword::parse(&text.body, spoken(&subscriber, first).as_str(), &edition.library.keywords);
    // A start word of a program that this sender does not serve is an ordinary word here.
    parsed.start.retain(|(program, _)| sender.programs.contains(program));
    if parsed.intent == Some(Intent::Baby) && parsed.start.is_empty() {
        parsed.intent = None;
    }
    // The provider takes some other word of hers for START; only it can know which.
    if text.answered_by.as_deref() == Some("start") && parsed.intent.is_none() && parsed.answer.is_none() {
        parsed.intent = Some(Intent::Start);
    }
    let spoken_now = spoken(&subscriber, first);
    let (requests, keywords) = (&edition.library.requests, &edition.library.keywords);
    let mut asked = requests.read(&text.body, spoken_now.as_str());
    if let Some(stop) = asked.as_ref().and_then(|asked| stop_beside_a_visit(asked, spoken_now, keywords)) {
        (asked, parsed) = (None, stop);
    }
    let danger = edition.library.dangers.find(&text.body);
    let kept = talk::open_question(tx, subscriber.id).await?;
    let (open, late): (Option<_>, Option<_>) = match kept {
        Some(open) if open.expires_at > now => (Some(open), None),
        other => (None, other),
    };
    let enrollments = people::enrollments_of(tx, subscriber.id).await?;
    let knows_us = open.is_some() || enrollments.iter().any(|one| one.state == EnrollmentState::Active);
    let listened = Beginning {
        edition: &edition,
        sender: &sender,
        text: &text.body,
        danger: !danger.signs.is_empty(),
        knows_us,
        today: now.date_naive(),
    };
    let came_by = listened.came_by(&mut parsed);
    if came_by.is_some() {
        asked = None;
    }
    let listening = Listening {
        text: &text.body,
        language: spoken_now.as_str(),
        dangers: &edition.library.dangers,
        keywords,
    };
    let signs = heeded(danger.signs, &parsed, asked.as_ref(), &listening);
    let here = Here { sender: &sender, edition: &edition, programs: &programs, region: region.as_deref() };
    let Some(program) = here.serving(&parsed) else {
        return refuse(service, tx, &here, &subscriber, &parsed, text).await;
    };
    let echoes = remember_echo(tx, &subscriber, text).await?;
    let subscriber = match came_by {
        Some(came_by) => came_by.noted(tx, subscriber).await?,
        None => subscriber,
    };
    let alarmed_in = danger.language.filter(|_| !signs.is_empty());
    let said_in = asked.as_ref().and_then(|asked| match &asked.request {
        Request::Language(Some(named)) => named.parse().ok(),
        _ => asked.language.parse().ok(),
    });
    let said_in = said_in.or(alarmed_in);
    let language = here.language(&subscriber, &parsed, program, (&text.body, said_in));
    let conversation = open.as_ref().and_then(conversation);
    let mut exchange = open.as_ref().map(|open| Exchange::from_json(&open.exchange)).unwrap_or_default();
    let looking = Looking {
        service,
        edition: &edition,
        sender: &sender,
        program,
        subscriber: &subscriber,
        enrollments: &enrollments,
        parsed: &parsed,
        asked: asked.as_ref(),
        open: conversation.as_ref(),
        exchange: &exchange,
        late: late.as_ref().and_then(self::conversation),
        now,
    };
    let known = looking.known(tx).await?;
    let enrolled: Vec<Enrolled> = enrollments.iter().map(Enrollment::told).collect();
    let provider_stopped = text.answered_by.as_deref() == Some("stop") || sender.provider_stops(&text.body);
    let zone = subscriber.zone().unwrap_or(program.home_zone);
    let today = program.whereabouts(subscriber.zone()).date_at(now);
    let guide = Allowed { library: &edition.library, carries: sender.carries(), on: today };
    let scene = Scene {
        today,
        now: now.with_timezone(&zone).naive_local(),
        text: &text.body,
        parsed: &parsed,
        asked: asked.as_ref(),
        signs: &signs,
        known: &known,
        provider_stopped,
        provider_confirms: provider_stopped,
        provider_answered: text.answered_by.as_deref() == Some("help"),
        stopped: subscriber.stopped_at.is_some(),
        blocked: subscriber.blocked_at.is_some(),
        hinted: subscriber.hinted_at.is_some_and(|at| now - at < HINT_PAUSE),
        conversation: conversation.as_ref(),
        enrollments: &enrolled,
        fallback: (&program.id, language),
        guide: &guide,
    };
    let effects = respond(&scene);
    exchange.answer(&text.body, text.received_at);
    let lately = subscriber.answers_since.is_some_and(|since| now - since < SPAN);
    let answered = if lately { subscriber.answers } else { 0 };
    // Who is in danger may well send the same again: a machine seldom says such a thing.
    let patience = if signs.is_empty() { 1 } else { 2 };
    // The same "1" shows something else each time, until nothing waits any more.
    let reads_on = effects.iter().any(|effect| matches!(effect, Effect::ShowWaiting { .. }));
    let mut carrying = Carrying {
        service,
        edition: &edition,
        sender: &sender,
        subscriber: &subscriber,
        phone: &phone,
        text: Some(text),
        by: None,
        window: None,
        enrollments: &enrollments,
        open: open.as_ref(),
        known: &known,
        program,
        provider_stopped,
        muted: echoes >= ECHOES * patience && !reads_on || answered >= ANSWERS,
        answered,
        frozen: false,
        exchange,
        replies: Vec::new(),
        consents: Vec::new(),
        now,
    };
    carrying.out(tx, effects).await?;
    let taken_for =
        parsed.intent.map(Intent::name).or_else(|| asked.as_ref().map(|asked| asked.request.name()));
    Ok(match (taken_for, signs.is_empty()) {
        (Some("stop" | "loss"), _) | (Some(_), true) => taken_for.unwrap_or("text"),
        (_, false) => "danger",
        (None, true) => "text",
    })
}

/// Where a text arrived.
struct Here<'a> {
    sender: &'a Sender,
    edition: &'a Edition,
    programs: &'a [&'a Program],
    region: Option<&'a str>,
}

impl<'a> Here<'a> {
    fn serves(&self, program: &Program) -> bool {
        // A made-up number belongs to no country; only the rehearsal gateway carries such.
        match self.region {
            Some(region) => program.countries.iter().any(|country| country == region),
            None => self.sender.audience == Audience::Rehearsal,
        }
    }

    /// The program whose start word she used, or else the first that serves her country.
    fn serving(&self, parsed: &Parsed) -> Option<&'a Program> {
        if parsed.intent == Some(Intent::Baby) {
            let named = parsed.start.iter().filter_map(|(id, _)| self.programs.iter().find(|p| p.id == *id));
            return named.copied().find(|program| self.serves(program));
        }
        self.programs.iter().copied().find(|program| self.serves(program))
    }

    /// The language to speak when nothing else tells: hers, else that of the keyword she used, else one in the
    /// script she writes.
    fn language(
        &self,
        subscriber: &Subscriber,
        parsed: &Parsed,
        program: &Program,
        (text, said_in): (&str, Option<Language>),
    ) -> Language {
        let cyrillic = |language: &Language| language.as_str() == "ru";
        let known = subscriber.language().filter(|language| program.languages.contains(language));
        let by_script = program
            .languages
            .iter()
            .find(|language| cyrillic(language) == (parsed.script == Script::Cyrillic));
        let by_word = || {
            let language = self.edition.library.language_of(text, parsed.intent?)?;
            program.languages.contains(&language).then_some(language)
        };
        let by_request = || said_in.filter(|language| program.languages.contains(language));
        known.or_else(by_word).or_else(by_request).or(by_script.copied()).unwrap_or(program.languages[0])
    }
}

/// The program she asked for does not serve her country, or none does. She is told once, if texts may go to
/// her country at all: if another program of this sender serves it.
async fn refuse(
    service: &Service,
    tx: &mut Tx,
    here: &Here<'_>,
    subscriber: &Subscriber,
    parsed: &Parsed,
    text: &Waiting,
) -> StoreResult<&'static str> {
    let now = service.now();
    let reachable = here.programs.iter().any(|program| here.serves(program));
    let first_time = people::refuse_once(tx, subscriber.id, now).await?;
    let asked =
        parsed.start.iter().find_map(|(id, _)| here.programs.iter().find(|program| program.id == *id));
    if let (Some(program), true, true) = (asked, reachable, first_time) {
        tell_refused(service, tx, here.edition, here.sender, subscriber, program, text).await?;
    }
    Ok("country_not_served")
}

/// Her number: as it stands, or read as a national one of any country that this sender serves.
pub(in crate::flows) fn number(raw: &str, sender: &Sender, programs: &[&Program]) -> Option<PhoneNumber> {
    let countries = programs.iter().flat_map(|program| &program.countries);
    PhoneNumber::parse(raw, None)
        .or_else(|| countries.into_iter().find_map(|country| PhoneNumber::parse(raw, Some(country))))
        .or_else(|| PhoneNumber::from_e164(raw).filter(|_| sender.audience == Audience::Rehearsal))
}

fn spoken(subscriber: &Subscriber, program: &Program) -> Language {
    subscriber.language().unwrap_or(program.languages[0])
}

/// Counts how often in a row she sent just this.
async fn remember_echo(tx: &mut Tx, subscriber: &Subscriber, text: &Waiting) -> StoreResult<i32> {
    let digest = Sha256::digest(text.body.trim().to_lowercase().as_bytes());
    let echo: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let lately = subscriber.echo_at.is_some_and(|at| text.received_at - at < ECHO_MEMORY);
    let echoes = if lately && subscriber.echo.as_deref() == Some(&echo) { subscriber.echoes + 1 } else { 1 };
    people::set_echo(tx, subscriber.id, &echo, echoes, text.received_at).await?;
    Ok(echoes)
}

/// CANCEL APPT names what is to be canceled, and that is not the texts; but STOP may stand beside it.
fn stop_beside_a_visit(asked: &Asked, language: Language, keywords: &Keywords) -> Option<Parsed> {
    let about_a_visit = asked.request == Request::CancelAppointment && !asked.rest.is_empty();
    let beside = about_a_visit.then(|| keyword::parse(&asked.rest, language.as_str(), keywords))?;
    (beside.intent == Some(Intent::Stop)).then_some(beside)
}

/// The open question as the conversation knows it; one stored by another version is dropped.
fn conversation(open: &OpenQuestion) -> Option<Conversation> {
    Some(Conversation {
        program: open.program.clone(),
        language: open.language.parse().ok()?,
        step: serde_json::from_str(&open.step).ok()?,
        unread: open.unread,
    })
}
