//! Her page. To open it is written down, once per opening; her number is shown to who gives a reason, once.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use super::acts::Act;
use super::coming::{self, Ahead};
use super::held::Held;
use super::sight::Sight;
use super::talk::{self, Talk};
use super::words::Words;
use super::{Mother, named, reasons, terms};
use super::{act_forms, act_words};
use crate::domain::gestation::Anchor;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::store::mothers::{self as store, Facts};
use crate::store::people::{Enrollment, Subscriber};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill, zone_name};
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/mothers/page.html")]
pub(super) struct Page {
    shell: Shell,
    words: &'static Words,
    path: String,
    id: Uuid,
    /// Masked, or just shown to who gave a reason.
    number: String,
    revealed: bool,
    may_reveal: bool,
    may_act: bool,
    may_audit: bool,
    reason: Field,
    badges: Vec<(&'static str, &'static str)>,
    facts: Vec<(&'static str, String)>,
    courses: Vec<Course>,
    talk: Talk,
    held: Held,
    /// What opens the list of deeds.
    deeds: String,
    /// What waits until she is alone.
    unread: String,
    /// Whether older texts are shown.
    later: bool,
    /// Whether she is enrolled where they are not at work.
    elsewhere: bool,
    /// What can be done for her.
    acts: Vec<(Act, &'static str)>,
}

/// An enrollment, as it is shown.
struct Course {
    program: String,
    state: &'static str,
    badge: &'static str,
    stage: String,
    facts: Vec<(&'static str, String)>,
    ahead: Option<Ahead>,
}

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    before: Option<i64>,
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Read).await?;
    page(&whole(&site, &signed, &mother, &asked, (&Typed::default(), &Faults::default())).await?)
}

/// Shows her number on the page that is answered, and on no other.
pub(super) async fn reveal(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    Mother::reach(&site, &signed, id, Right::Reveal).await?;
    let mother = Mother::reach(&site, &signed, id, Right::Read).await?;
    let why = typed.get("reason");
    let mut faults = Faults::default();
    if why.chars().count() < SHORTEST_REASON {
        faults.add("reason", Words::of(signed.tongue).no_reason);
        let shown = whole(&site, &signed, &mother, &Asked::default(), (&typed, &faults)).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    }
    mother.seen(&site, &signed, "reveal number", &mother.her.hidden_in(why)).await?;
    let nothing = Typed::default();
    let mut shown = whole(&site, &signed, &mother, &Asked::default(), (&nothing, &faults)).await?;
    mother.her.number().clone_into(&mut shown.number);
    shown.revealed = true;
    page(&shown)
}

/// A reason has so many letters at least.
pub(super) const SHORTEST_REASON: usize = 4;

/// Her page. However somebody comes to see it, that they did is written down first.
async fn whole(
    site: &Site,
    signed: &Signed,
    mother: &Mother,
    asked: &Asked,
    (typed, faults): (&Typed, &Faults),
) -> Result<Page, Refusal> {
    let detail = if asked.before.is_some() { "older texts" } else { "" };
    mother.seen(site, signed, "open mother", detail).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let edition = site.service.shelf.edition();
    let (her, now) = (&mother.her, site.service.now());
    let zone = mother.zone(&edition);
    let mut tx = site.service.database.read().await?;
    let facts = store::facts(&mut tx, her.id).await?.ok_or(Refusal::NotFound)?;
    let partners = store::partners(&mut tx, her.id).await?;
    let mut courses = Vec::new();
    for enrollment in &mother.enrollments {
        let ahead = coming::of(&site.service, &mut tx, &edition, her, enrollment, tongue).await?;
        let partner = partners.iter().find(|(id, _)| *id == enrollment.id).map(|(_, code)| code.as_str());
        let today = now.with_timezone(&zone).date_naive();
        courses.push(Course {
            program: edition.library.program(&enrollment.program).map_or_else(
                || enrollment.program.clone(),
                |program| program.name(enrollment.language).to_owned(),
            ),
            state: named::enrollment(tongue, enrollment.state.name()),
            badge: named::enrollment_badge(enrollment.state.name()),
            stage: coming::stage(tongue, enrollment, today).unwrap_or_default(),
            facts: about(tongue, words, enrollment, partner, zone),
            ahead,
        });
    }
    let before = talk::moment(asked.before, now);
    let sight = Sight { site, signed, mother, right: Right::Read, zone };
    let talk = talk::before(&mut tx, &sight, before).await?;
    let held = Held::of(&mut tx, &sight).await?;
    drop(tx);
    let may = |right| match mother.programs.is_empty() {
        true => signed.may_everywhere(right),
        false => mother.programs.iter().any(|program| signed.may_in(right, program)),
    };
    let (badges, facts) = person(tongue, words, her, &facts, zone);
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        path: mother.path(),
        id: her.id,
        number: masked(her.number()),
        revealed: false,
        may_reveal: may(Right::Reveal),
        may_act: may(Right::Act),
        may_audit: signed.may(Right::Administer),
        reason: Field::line("reason", words.reason).hint(words.reason_hint).filled(typed, faults),
        acts: act_forms::possible(&mother.clone().within(signed, Right::Act))
            .into_iter()
            .map(|act| (act, act_words::called(act_words::Words::of(tongue), act).0))
            .collect(),
        later: asked.before.is_some(),
        elsewhere: mother.elsewhere,
        badges,
        facts,
        courses,
        talk,
        deeds: fill(words.deeds, &[("n", &tongue.number(held.deeds.len() as i64))]),
        unread: match held.unread {
            0 => String::new(),
            waiting => tongue.counted(waiting as i64, words.unread),
        },
        held,
    })
}

type Badges = Vec<(&'static str, &'static str)>;
type Told = Vec<(&'static str, String)>;

/// What is known of her.
fn person(tongue: Tongue, words: &Words, her: &Subscriber, facts: &Facts, zone: Tz) -> (Badges, Told) {
    let mut badges = Vec::new();
    let mut told: Told = Vec::new();
    let moment = |at| tongue.moment(at, zone);
    if let Some(at) = her.stopped_at {
        badges.push((words.stopped, "warn"));
        let by = facts.stopped_by.as_deref().map(|by| named::stopped_by(tongue, by)).unwrap_or_default();
        told.push((words.stopped_since, format!("{}: {by}", moment(at))));
    }
    if let Some(at) = her.blocked_at {
        badges.push((words.blocked, "bad"));
        told.push((words.blocked_since, format!("{}. {}", moment(at), words.blocked_advice)));
    }
    if let Some(at) = facts.erase_at {
        badges.push((words.erasing, "bad"));
        told.push((words.erasing_since, moment(at)));
    }
    if let Some(at) = facts.recycled_at {
        badges.push((words.recycled, "warn"));
        told.push((words.recycled_since, moment(at)));
    }
    if her.discreet {
        badges.push((words.discreet, "accent"));
        told.push((words.discretion, words.discreet_advice.to_owned()));
    }
    let language = her.language().map(|language| tongue.language(language.as_str()));
    told.push((words.language, language.unwrap_or_else(|| words.unknown.to_owned())));
    told.push((words.place, her.place.clone().unwrap_or_else(|| words.not_told.to_owned())));
    if let Some(area) = &her.area {
        told.push((words.area, area.clone()));
    }
    told.push((
        words.zone,
        her.zone().map_or_else(|| words.zone_unsure.to_owned(), |zone| zone_name(zone.name())),
    ));
    let reader = her.reader().map_or("mother", crate::domain::plan::Reader::name);
    told.push((words.reader, named::reader(tongue, reader).to_owned()));
    if let Some(partner) = &her.partner {
        told.push((words.partner, partner.clone()));
    }
    if let Some(at) = facts.heard_at {
        told.push((words.heard, moment(at)));
    }
    told.push((words.known_since, moment(facts.created_at)));
    (badges, told)
}

/// What is known of an enrollment: its date, its terms in words.
fn about(tongue: Tongue, words: &Words, enrollment: &Enrollment, partner: Option<&str>, zone: Tz) -> Told {
    let mut told: Told = Vec::new();
    match enrollment.anchor() {
        Anchor::Due(date) => told.push((words.due, tongue.day(date))),
        Anchor::Born(date) => told.push((words.born, tongue.day(date))),
    }
    let terms = enrollment.terms();
    told.extend(terms::babies(tongue, &terms));
    told.push((words.rhythm, terms::rhythm(tongue, &terms)));
    told.push((words.language, tongue.language(enrollment.language.as_str())));
    told.push((words.sender, enrollment.sender.clone()));
    told.push((words.enrolled, tongue.moment(enrollment.enrolled_at, zone)));
    if let Some(partner) = partner {
        told.push((words.partner, partner.to_owned()));
    }
    if let Some(reason) = &enrollment.reason {
        let known = reasons::of(tongue, reason).map_or_else(|| reason.clone(), str::to_owned);
        let since = tongue.moment(enrollment.state_since, zone);
        told.push((words.because, format!("{known}, {since}")));
    }
    told
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    use super::coming::Coming;
    use super::held::{Consent, Deed, Line};
    use super::talk::Bubble;
    use crate::flows::{Turn, Vouched};
    let words = Words::of(tongue);
    let bad = || "<b>@ \"<López>\" <fast>".to_owned();
    let bubble = |hers| Bubble {
        id: Uuid::nil(),
        at: chrono::DateTime::UNIX_EPOCH,
        hers,
        when: "24 Nov 2026, 14:05".to_owned(),
        body: bad(),
        language: "en".to_owned(),
        what: bad(),
        state: "failed",
        badge: "bad",
        reason: bad(),
        reason_language: "en",
        link: (!hers).then(|| "/console/delivery/x".to_owned()),
    };
    let coming = Coming { at: bad(), place: bad(), words: bad(), language: "es".to_owned() };
    let line = || Line { at: bad(), what: bad(), more: bad(), badge: "warn" };
    let vouched = Vouched { by: bad(), account: None, how: bad(), on: None };
    let turn = Turn { shown: Some(bad()), answered: Some(bad()), vouched: Some(vouched), ..Turn::default() };
    let consent = Consent {
        at: bad(),
        what: "opt_in",
        program: bad(),
        sender: bad(),
        turns: vec![turn],
        other_phone: Some(bad()),
    };
    let deed = Deed { at: bad(), who: bad(), what: bad(), detail: bad() };
    let full = Page {
        shell: Shell::sample(tongue, words.title, "/console/mothers"),
        words,
        path: format!("/console/mothers/{}", Uuid::nil()),
        id: Uuid::nil(),
        number: "+1202•••••43".to_owned(),
        revealed: true,
        may_reveal: true,
        may_act: true,
        may_audit: true,
        reason: Field::line("reason", words.reason),
        badges: vec![(words.stopped, "warn")],
        facts: vec![(words.place, bad())],
        courses: vec![Course {
            program: bad(),
            state: "active",
            badge: "good",
            stage: bad(),
            facts: vec![(words.partner, bad())],
            ahead: Some(Ahead { texts: vec![coming], held: false }),
        }],
        talk: Talk { bubbles: vec![bubble(true), bubble(false)], older: Some(1) },
        held: Held {
            consents: vec![consent],
            visits: vec![line()],
            promises: vec![line()],
            helps: vec![line()],
            open_help: Some((Uuid::nil(), Some("bleeding"))),
            unread: 2,
            deeds: vec![deed],
        },
        deeds: bad(),
        unread: bad(),
        acts: vec![(Act::Stop, "Stop")],
        later: true,
        elsewhere: true,
    };
    let empty = Page {
        shell: Shell::sample(tongue, words.title, "/console/mothers"),
        words,
        path: format!("/console/mothers/{}", Uuid::nil()),
        id: Uuid::nil(),
        number: "+1202•••••43".to_owned(),
        revealed: false,
        may_reveal: false,
        may_act: false,
        may_audit: false,
        reason: Field::line("reason", words.reason),
        badges: Vec::new(),
        facts: Vec::new(),
        courses: Vec::new(),
        talk: Talk { bubbles: Vec::new(), older: None },
        held: Held::default(),
        deeds: String::new(),
        unread: String::new(),
        acts: Vec::new(),
        later: false,
        elsewhere: false,
    };
    vec![("mother", Box::new(full)), ("mother, unknown", Box::new(empty))]
}
