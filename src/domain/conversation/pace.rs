//! How much comes, when, and in which language: LESS, MORE, PAUSE, RESUME, TIME, LANG.

use chrono::{Days, NaiveDate, NaiveTime};

use super::fields::Line;
use super::{Conversation, Effect, Enrolled, Fields, Reply, Scene, Step, question};
use crate::domain::date_text::{self, Near};
use crate::domain::language::Language;
use crate::domain::plan::{Pause, Terms};
use crate::domain::reason;

/// The longest pause that PAUSE and a number begins, in days.
pub(super) const LONGEST_PAUSE: u64 = 180;

/// LESS: only vital tips, one a week.
pub(super) fn less(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    let mut effects = change(scene, reason::LESS, |terms| terms.less = true);
    effects.push(scene.say_of(enrolled, Reply::Less, Fields::default()));
    Some(effects)
}

/// MORE: all tips again, or more about the last one.
pub(super) fn more(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    if scene.all_active().any(|enrolled| enrolled.terms.less || enrolled.terms.pause.is_some()) {
        let mut effects = change(scene, reason::MORE, |terms| (terms.less, terms.pause) = (false, None));
        effects.push(scene.say_of(enrolled, Reply::MoreBack, Fields::default()));
        return Some(effects);
    }
    if scene.known.second {
        return Some(vec![Effect::SendSecond]);
    }
    Some(vec![scene.say_of(enrolled, Reply::MoreNone, Fields::default())])
}

/// PAUSE, PAUSE 14, PAUSE UNTIL JAN 5. Whatever else stands behind it, she wants a pause: one without an end, of which
/// she is told.
pub(super) fn pause(scene: &Scene<'_>, rest: &str) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    if scene.text.contains('?') {
        return None;
    }
    let until = day(scene, rest).or_else(|| days(scene, rest).map(|days| scene.today + Days::new(days)));
    Some(pause_until(scene, enrolled, until))
}

/// A pause until a day; none: until she asks for tips again.
pub(super) fn pause_until(scene: &Scene<'_>, enrolled: &Enrolled, until: Option<NaiveDate>) -> Vec<Effect> {
    let mut effects = change(scene, reason::PAUSE, |terms| terms.pause = Some(Pause { until }));
    effects.push(match until {
        Some(date) => {
            scene.say_of(enrolled, Reply::PausedUntil, Fields { date: Some(date), ..Fields::default() })
        }
        None => scene.say_of(enrolled, Reply::Paused, Fields::default()),
    });
    effects
}

/// The day on which a pause is to end.
fn day(scene: &Scene<'_>, rest: &str) -> Option<NaiveDate> {
    let (_, language) = scene.voice();
    let (dates, today) = (scene.guide.dates(language), scene.today);
    let reading = date_text::read(rest, dates, today);
    let told = || reading.candidates.first()?.next_on_or_after(today).filter(|_| !reading.several);
    // A number alone is one of days.
    let by_name = || match Near::read(rest, dates, today)? {
        near @ Near::Weekday(_) => near.next_on_or_after(today.succ_opt()?),
        Near::Day(_) => None,
    };
    let day = date_text::day_of_week(rest, dates, today).or_else(told).or_else(by_name)?;
    let longest = scene.today + Days::new(LONGEST_PAUSE);
    (day > scene.today).then_some(day.min(longest))
}

/// How long a pause is to be, at the most the longest; none: until she ends it.
fn days(scene: &Scene<'_>, rest: &str) -> Option<u64> {
    let (_, language) = scene.voice();
    let told = date_text::days_long(rest, scene.guide.dates(language), scene.today);
    let days = told.or_else(|| rest.split_whitespace().find_map(|word| word.parse().ok()))?;
    (days > 0).then_some(days.min(LONGEST_PAUSE))
}

/// RESUME, and START while nothing comes. None if nothing is paused.
pub(super) fn resume(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let paused = |enrolled: &&Enrolled| enrolled.terms.pause.is_some();
    let enrolled = scene.all_active().find(paused)?;
    let mut effects = change(scene, reason::AGAIN, |terms| terms.pause = None);
    effects.push(scene.say_of(enrolled, Reply::Resumed, Fields::default()));
    Some(effects)
}

/// TIME 6PM, EVENING.
pub(super) fn time(scene: &Scene<'_>, text: &str) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    match scene.guide.times(enrolled.language).read(text, true) {
        Some(read) => Some(at(scene, enrolled, read.time)),
        // "Time to feed" is no request.
        None if !text.trim().is_empty() => None,
        None => Some(vec![
            scene.ask_of(enrolled, Step::Time),
            scene.say_of(enrolled, Reply::TimeAsk, Fields::default()),
        ]),
    }
}

/// The answer to at what hour.
pub(super) fn answer_time(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    let read = scene.guide.times(enrolled.language).read(scene.text, true)?;
    Some(at(scene, enrolled, read.time))
}

pub(super) fn at(scene: &Scene<'_>, enrolled: &Enrolled, time: NaiveTime) -> Vec<Effect> {
    let (opens, closes) = scene.guide.hours(&enrolled.program);
    if !(opens..closes).contains(&time) {
        let fields = Fields { opens: Some(opens), closes: Some(closes), ..Fields::default() };
        return vec![scene.say_of(enrolled, Reply::TimeOutside, fields)];
    }
    let mut effects = change(scene, reason::HOUR, |terms| terms.hour = Some(time));
    let reply = if scene.known.zone_known { Reply::TimeSet } else { Reply::TimeUnsure };
    effects.push(scene.say_of(enrolled, reply, Fields { time: Some(time), ..Fields::default() }));
    effects.push(Effect::Close);
    effects
}

/// LANG, ESPAÑOL: what she gets, and the question that is open, in another language.
pub(super) fn language(scene: &Scene<'_>, named: Option<&str>) -> Option<Vec<Effect>> {
    let (program, _) = scene.voice();
    let spoken = scene.guide.languages(&program);
    if scene.active().is_none() && scene.conversation.is_none() {
        return None;
    }
    let Some(named) = named.or(spoken.first().filter(|_| spoken.len() == 1).map(|_| "")) else {
        let choices: Vec<Language> = spoken.to_vec();
        let lines = choices.iter().map(|language| Line::Language(*language)).collect();
        let fields = Fields { choices: lines, ..Fields::default() };
        // Who is joining is asked nothing beside the question that is open.
        if scene.joining().is_some() {
            return Some(vec![scene.say(Reply::LanguageAsk, fields)]);
        }
        return Some(vec![scene.ask(Step::Language { choices }), scene.say(Reply::LanguageAsk, fields)]);
    };
    match spoken.iter().find(|language| language.as_str() == named) {
        Some(language) => Some(speak(scene, &program, *language)),
        None => {
            let fields = Fields { languages: spoken.to_vec(), ..Fields::default() };
            Some(vec![scene.say(Reply::LanguageNone, fields)])
        }
    }
}

/// The answer to which language.
pub(super) fn answer_language(scene: &Scene<'_>, choices: &[Language]) -> Option<Vec<Effect>> {
    let (program, _) = scene.voice();
    let mut effects = speak(scene, &program, choices[scene.number(choices.len())?]);
    effects.push(Effect::Close);
    Some(effects)
}

fn speak(scene: &Scene<'_>, program: &str, language: Language) -> Vec<Effect> {
    let set = Effect::Say {
        reply: Reply::LanguageSet,
        program: program.to_owned(),
        language,
        fields: Fields::default(),
    };
    let Some(open) = scene.conversation.filter(|open| open.step.enrolls()) else {
        return vec![Effect::Speak(language), set];
    };
    // The open question goes on in her language, and is asked in it.
    let asked = question::again(scene, &open.step).map(|asked| match asked {
        Effect::Say { reply, program, fields, .. } => Effect::Say { reply, program, language, fields },
        other => other,
    });
    vec![
        Effect::Speak(language),
        Effect::Ask(Conversation { language, ..open.clone() }),
        asked.unwrap_or(set),
    ]
}

/// The same change in all that she gets.
fn change(scene: &Scene<'_>, reason: &'static str, how: impl Fn(&mut Terms)) -> Vec<Effect> {
    let changed = scene.all_active().map(|enrolled| {
        let mut terms = enrolled.terms.clone();
        how(&mut terms);
        Effect::Change { enrollment: enrolled.id, terms, reason }
    });
    changed.collect()
}
