//! What is heard in every state, in the order of what would be worse to miss: STOP, danger, loss; then what she asks
//! for; then the open question; then a person.

use super::dates::{DateTaken, take};
use super::{
    Conversation, Effect, Enrolled, EnrollmentState, Fields, Fresh, Purpose, Reply, Scene, Step, alert,
    births, losses, pace, person, question, steps, surveys, unseen, visits, written,
};
use crate::domain::date_text;
use crate::domain::gestation::{Anchor, BABY_WEEKS, stage_on};
use crate::domain::keyword::{Answer, Intent};
use crate::domain::plan::Reader;
use crate::domain::request::Request;

/// Decides what to do about a text. Total: every text in every state has its effects, perhaps none.
pub fn respond(scene: &Scene<'_>) -> Vec<Effect> {
    // CANCEL APPT names what is to be canceled, and that is not the texts.
    let visit = scene.request() == Some(&Request::CancelAppointment) && !scene.provider_stopped;
    if scene.provider_stopped || scene.parsed.intent == Some(Intent::Stop) && !visit {
        return stop(scene);
    }
    let mut effects = Vec::new();
    if scene.blocked && unblocks(scene) {
        effects.push(Effect::Unblock);
    }
    if scene.provider_answered {
        return effects;
    }
    effects.extend(heard(scene));
    effects.extend(kept(scene, &effects));
    effects
}

fn heard(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.parsed.intent == Some(Intent::Loss) {
        return losses::told(scene);
    }
    if let Some(sign) = scene.signs.first() {
        return alert::answer(scene, *sign);
    }
    if let Some(effects) = requested(scene) {
        return written::beside(scene, effects);
    }
    match scene.parsed.intent {
        Some(Intent::Help) => vec![scene.just_say(Reply::Help)],
        Some(Intent::Start) => start(scene),
        Some(Intent::Update) => update(scene),
        Some(Intent::Baby) => begin(scene),
        Some(Intent::Stop | Intent::Loss) | None => in_step(scene),
    }
}

/// What she asks for beside the keywords; none if it is nothing, or nothing here.
fn requested(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let asked = scene.asked?;
    // A keyword is itself, whatever else its words might ask for; what means stop is here only if it is about a visit.
    // "New number" begins like a new date, and UPDATE 3/12 brings its date along.
    let says_what = matches!(asked.request, Request::Move | Request::Dates);
    let updates = scene.parsed.intent == Some(Intent::Update) && says_what;
    if scene.parsed.intent.is_some_and(|intent| intent != Intent::Stop) && !updates {
        return None;
    }
    if scene.silent() {
        // After STOP she may still ask what we hold, have it erased, and say that it was no loss.
        return match asked.request {
            Request::Undo => losses::undo(scene),
            Request::Delete => Some(person::delete(scene)),
            Request::Details => Some(person::details(scene)),
            _ => None,
        };
    }
    let still_you = scene.conversation.is_some_and(|open| open.step == Step::StillYou);
    match &asked.request {
        // An open question makes its own sense of a "wrong" and of a "not yet".
        Request::Wrong if scene.conversation.is_some() && scene.no() => None,
        Request::NotYet if scene.conversation.is_some() => None,
        // "It's me" says who has the number, where that is asked.
        Request::Role(Reader::Mother) if still_you => None,
        Request::Who => person::who(scene),
        // Long before the day it answers something else.
        Request::NotYet if !births::may_have_come(scene) => None,
        Request::NotYet => births::not_yet(scene),
        Request::Wrong => Some(person::wrong(scene)),
        Request::Undo => losses::undo(scene),
        Request::Born => births::born(scene),
        Request::Dates => births::dated(scene),
        Request::Several(babies) => births::several(scene, *babies),
        Request::Less => pace::less(scene),
        Request::More => pace::more(scene),
        Request::Pause => pace::pause(scene, &asked.rest),
        Request::Resume => pace::resume(scene),
        Request::Time => pace::time(scene, &asked.raw),
        Request::Language(named) => pace::language(scene, named.as_deref()),
        Request::Move => person::moving(scene, &asked.raw),
        Request::Place => person::place(scene, &asked.raw),
        Request::Details => Some(person::details(scene)),
        // One text can be said: the danger comes first, and she may ask again.
        Request::Delete if scene.danger().is_some() => Some(stop(scene)),
        Request::Delete => Some(person::delete(scene)),
        Request::Appointment => visits::note(scene, &asked.raw),
        Request::Visits => visits::list(scene),
        Request::MoveAppointment => visits::moved(scene, &asked.raw),
        Request::CancelAppointment => Some(visits::cancel(scene, &asked.raw)),
        Request::Safe => Some(unseen::on(scene)),
        Request::SafeOff => unseen::off(scene),
        Request::Role(reader) => person::role(scene, *reader),
        Request::All | Request::One | Request::Read => None,
    }
}

/// A question that stays open keeps what was said beside it: the record of consent has every word.
fn kept(scene: &Scene<'_>, effects: &[Effect]) -> Option<Effect> {
    let said = effects.iter().any(|effect| matches!(effect, Effect::Say { .. }));
    let settled =
        effects.iter().any(|effect| matches!(effect, Effect::Ask(_) | Effect::MarkUnread | Effect::Close));
    scene.conversation.filter(|_| said && !settled).map(|open| Effect::Ask(open.clone()))
}

/// STOP takes effect whatever else is going on, and is confirmed exactly once: again only if she had begun
/// to talk with us again, or the provider blocks her from now on.
pub(super) fn stop(scene: &Scene<'_>) -> Vec<Effect> {
    let delete = scene.request() == Some(&Request::Delete) && scene.danger().is_none();
    // Stopped first: UNDO brings back a STOP then, and no texts.
    let lost = Some(Effect::Freeze).filter(|_| scene.parsed.loss);
    if delete && !scene.provider_confirms {
        return person::delete(scene).into_iter().chain(lost).collect();
    }
    let danger = scene.signs.first();
    if scene.silent() {
        let newly_blocked = scene.provider_stopped && !scene.blocked;
        let stops = Some(Effect::Stop).filter(|_| newly_blocked);
        // Danger is answered after STOP too, unless her provider lets nothing through.
        let answer = match danger {
            _ if scene.parsed.loss => losses::told(scene),
            Some(sign) => alert::answer(scene, *sign),
            None => Vec::new(),
        };
        let blocked = scene.provider_stopped || scene.blocked;
        let heard = answer.into_iter().filter(|effect| !blocked || !matches!(effect, Effect::Say { .. }));
        return stops.into_iter().chain(heard).collect();
    }
    let mut effects = vec![Effect::Stop];
    effects.extend(lost);
    effects.extend(danger.map(|sign| Effect::Flag { sign: Some(*sign) }));
    if scene.request() == Some(&Request::Wrong) {
        effects.push(Effect::Recycled);
    }
    effects.push(Effect::Close);
    if !scene.provider_confirms {
        // One text confirms it: what else had to be said is said in that one.
        effects.push(scene.just_say(match (scene.danger(), scene.request()) {
            // Nobody speaks of her baby to a woman who has just told that it died.
            _ if scene.parsed.loss => Reply::StoppedLoss,
            (Some(_), _) => Reply::DangerStop,
            (None, Some(Request::Wrong)) => Reply::Wrong,
            _ => Reply::Stopped,
        }));
    }
    effects
}

/// The words that lift a provider's own block (Twilio: START, YES, UNSTOP).
fn unblocks(scene: &Scene<'_>) -> bool {
    scene.parsed.intent == Some(Intent::Start) || scene.parsed.answer == Some(Answer::Yes)
}

/// START resumes the last program once she has said that its date still holds. While she joins, it asks the
/// open question again; after a loss nothing resumes; a pregnancy or first year that is over begins anew.
fn start(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.conversation.is_some_and(|open| open.step == Step::StillYou) {
        return person::alive(scene);
    }
    if let Some(resumed) = pace::resume(scene) {
        return resumed;
    }
    if let Some(active) = scene.active() {
        return vec![scene.say_of(active, Reply::Help, Fields::default())];
    }
    if let Some(asked) = scene.joining().and_then(|step| question::again(scene, step)) {
        return vec![asked];
    }
    let last = scene
        .enrollments
        .iter()
        .find(|enrolled| enrolled.state == EnrollmentState::Stopped || enrolled.is_lost());
    match last {
        None => vec![scene.say(Reply::HowToJoin, Fields::default())],
        Some(last) if last.is_lost() => vec![scene.say_of(last, Reply::Frozen, Fields::default())],
        Some(last) if outgrown(last.anchor, scene) => {
            let step = Step::Date { last_period: false, purpose: Purpose::Enroll };
            vec![scene.ask_of(last, step), scene.say_of(last, Reply::AskDate, Fields::default())]
        }
        Some(last) => {
            let (reply, fields) = question::resume(last.anchor);
            let step = Step::Resume { enrollment: last.id };
            vec![scene.ask_of(last, step), scene.say_of(last, reply, fields)]
        }
    }
}

/// Whether nothing is left to send under this date: the due date is long past, or the baby is one.
fn outgrown(anchor: Anchor, scene: &Scene<'_>) -> bool {
    match anchor {
        Anchor::Due(date) => {
            !DateTaken { kind: super::DateKind::Due, date }.plausible(scene.today) && date < scene.today
        }
        Anchor::Born(_) => stage_on(anchor, scene.today).is_some_and(|stage| stage.week >= BABY_WEEKS),
    }
}

/// UPDATE asks the new date; while she joins or comes back, the date is asked that is then in question.
fn update(scene: &Scene<'_>) -> Vec<Effect> {
    if let Some(active) = scene.active() {
        return ask_date_of(scene, active);
    }
    let open = scene.conversation.and_then(|open| open.step.beneath());
    match open.filter(|step| !scene.is_of_the_lost(step)) {
        Some(Step::Resume { enrollment }) => {
            steps::ask_date(scene, Purpose::Retime(*enrollment), Reply::AskUpdate)
        }
        Some(Step::Confirm { purpose, .. } | Step::Choose { purpose, .. } | Step::Date { purpose, .. }) => {
            steps::ask_date(scene, *purpose, Reply::AskUpdate)
        }
        Some(Step::Place { .. }) => steps::ask_date(scene, Purpose::Enroll, Reply::AskUpdate),
        _ => not_enrolled(scene),
    }
}

pub(super) fn not_enrolled(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.silent() {
        return Vec::new();
    }
    let reply = if scene.after_loss().is_some() { Reply::Frozen } else { Reply::HowToJoin };
    vec![scene.just_say(reply)]
}

fn ask_date_of(scene: &Scene<'_>, enrolled: &Enrolled) -> Vec<Effect> {
    let step = Step::Date { last_period: false, purpose: Purpose::Retime(enrolled.id) };
    vec![scene.ask_of(enrolled, step), scene.say_of(enrolled, Reply::AskUpdate, Fields::default())]
}

/// A start word opens the questions, or, from somebody whose enrollment is not over, asks whether she means
/// a new pregnancy or baby.
fn begin(scene: &Scene<'_>) -> Vec<Effect> {
    if scene.blocked {
        return vec![Effect::ReportBlocked];
    }
    let (program, language) = scene.started();
    let news = scene.all_active().find(|e| e.program == program && births::start_word_tells_birth(scene, e));
    if let Some(pregnant) = news {
        return births::ask_news(scene, pregnant);
    }
    let going_on = scene
        .enrollments
        .iter()
        .find(|e| e.program == program && e.state == EnrollmentState::Active && !outgrown(e.anchor, scene));
    let reading = || date_text::read(scene.text, scene.guide.dates(language), scene.today);
    let (step, reply, fields) = match (going_on, take(&reading(), false, scene.today).as_deref()) {
        (Some(active), _) => {
            let (reply, fields) = question::already(active.anchor);
            (Step::NewOne, reply, fields)
        }
        // BABY with the date beside it: that is read back at once.
        (None, Ok([taken, others @ ..])) => {
            let (reply, fields) = question::read_back(*taken, scene, Purpose::Enroll);
            (
                Step::Confirm { taken: *taken, others: others.to_vec(), purpose: Purpose::Enroll },
                reply,
                fields,
            )
        }
        (None, _) => {
            let reply = match scene.after_loss() {
                Some(lost) if lost.program == program => Reply::AskDateAfterLoss,
                _ => Reply::AskDate,
            };
            (Step::Date { last_period: false, purpose: Purpose::Enroll }, reply, Fields::default())
        }
    };
    let conversation = Conversation { program: program.clone(), language, step, unread: false };
    vec![Effect::Ask(conversation), Effect::Say { reply, program, language, fields }]
}

/// No keyword: an answer to the open question, or a text out of the blue.
fn in_step(scene: &Scene<'_>) -> Vec<Effect> {
    // "I don't want to" is an answer where we have said that she need not, or a person reads it.
    let declines = matches!(scene.parsed.answer, Some(Answer::No | Answer::Skip))
        && scene.conversation.is_some_and(|open| {
            matches!(open.step, Step::Place { .. } | Step::Support { .. } | Step::Person { .. })
        });
    if scene.parsed.stop_in_doubt && !declines && !scene.silent() {
        let before = match scene.conversation.map(|open| &open.step) {
            // Asked whether she means stop, she says so half again: that is enough.
            Some(Step::StopUnsure { .. }) => return stop(scene),
            step => step.map(|step| Box::new(step.clone())),
        };
        return vec![scene.ask(Step::StopUnsure { before }), scene.just_say(Reply::StopUnsure)];
    }
    if let Some(effects) = unseen::unshown(scene) {
        return effects;
    }
    if let Some(answered) = scene.conversation.and_then(|open| steps::answer(scene, open)) {
        return answered;
    }
    if scene.silent() {
        return out_of_the_blue(scene);
    }
    let unasked = || unseen::read(scene).or_else(|| surveys::answer_tip(scene)).or_else(|| late(scene));
    let unasked = || unasked().or_else(|| surveys::tip_again(scene));
    unasked().unwrap_or_else(|| out_of_the_blue(scene))
}

/// An answer to a question of ours whose time is over, where it can be an answer to nothing else.
fn late(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let open = scene.known.late.as_ref().filter(|_| scene.conversation.is_none())?;
    steps::answer(scene, open)
}

/// Anything else: it goes to a person, and she is told what she can expect. After STOP it goes there in silence.
fn out_of_the_blue(scene: &Scene<'_>) -> Vec<Effect> {
    let says_nothing = scene.parsed.courtesy || !scene.text.contains(char::is_alphanumeric);
    let asks = scene.parsed.answer.is_none() && !says_nothing;
    let flag = Some(Effect::Flag { sign: None }).filter(|_| asks);
    // The question was put once more already.
    let asked_again = scene.conversation.is_some_and(|open| open.unread);
    if scene.silent() {
        return flag.into_iter().collect();
    }
    let (active, lost) = (scene.active().is_some(), scene.after_loss().is_some());
    let once = |reply| {
        let said = [scene.just_say(reply), Effect::MarkHinted];
        said.into_iter().filter(|_| !scene.hinted)
    };
    match (active, lost) {
        // One text tells a stranger how to join; then none for a day, however much comes.
        (false, false) if asked_again => flag.into_iter().collect(),
        (false, false) => flag.into_iter().chain(once(Reply::FreeTextStranger)).collect(),
        // An answer to nothing, or thanks; while a question of ours is open that is not so.
        (true, _) if !asks && !asked_again && (scene.conversation.is_none() || says_nothing) => {
            once(Reply::NothingAsked).collect()
        }
        (true, _) if !asks => Vec::new(),
        (false, true) if !asks => Vec::new(),
        _ => {
            let reply = match (scene.known.item, active) {
                (Some(Fresh::Now), _) => None,
                (Some(Fresh::Before), _) => Some(Reply::HelpAdded),
                (None, true) => Some(Reply::FreeTextEnrolled),
                (None, false) => Some(Reply::FreeTextFrozen),
            };
            flag.into_iter().chain(reply.map(|reply| scene.just_say(reply))).collect()
        }
    }
}
