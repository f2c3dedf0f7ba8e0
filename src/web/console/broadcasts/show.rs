//! One broadcast: before it goes its preview and the decision, afterwards its progress, its stop and its results.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::preview::{Preview, preview};
use super::reach;
use super::results::{Results, results};
use super::words::{self, Words};
use crate::flows::broadcasting::{self, NotDone};
use crate::flows::recalling;
use crate::store::broadcasts::{Broadcast, DRAFT, SENDING, SENT, WAITING};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/broadcasts/show.html")]
pub(super) struct Page {
    shell: Shell,
    words: &'static Words,
    id: Uuid,
    why: String,
    whom: String,
    state: &'static str,
    class: &'static str,
    emergency: bool,
    alarm: Option<String>,
    part: Part,
    decision: Option<Decision>,
    unbegun: bool,
    stoppable: bool,
    /// The way back: an address and its name.
    back: (String, &'static str),
    /// What it says, once it is begun: name and code of the language, words.
    says: Vec<(String, String, String)>,
    facts: Vec<(&'static str, String)>,
}

/// What of it renews itself.
#[derive(Template)]
#[template(path = "web/console/broadcasts/part.html")]
struct Part {
    words: &'static Words,
    id: Uuid,
    live: Option<&'static str>,
    code: String,
    counting: bool,
    preview: Option<Preview>,
    results: Option<Results>,
}

/// What can be decided.
struct Decision {
    /// What there is to say first.
    said: String,
    alarm: bool,
    /// The form's address and its button; none: nothing can be decided now.
    button: Option<(&'static str, String)>,
    people: i64,
    /// What was shown, handed back with the decision.
    shown: String,
    emergency: bool,
    again: bool,
}

/// What was just tried.
#[derive(Default)]
pub(super) struct Tried {
    /// What was typed.
    pub typed: Typed,
    /// Why it was not done.
    pub refused: Option<NotDone>,
}

pub(super) async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let broadcast = reach(&site, &signed, id).await?;
    page(&view(&site, &signed, &broadcast, Tried::default()).await?)
}

/// The page again, with why it was not done.
pub(super) async fn again(site: &Site, signed: &Signed, id: Uuid, tried: Tried) -> Shown {
    let broadcast = reach(site, signed, id).await?;
    let shown = page(&view(site, signed, &broadcast, tried).await?)?;
    let (mut head, body) = shown.into_parts();
    head.status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(Response::from_parts(head, body))
}

#[derive(Deserialize)]
pub(super) struct Was {
    #[serde(default)]
    was: String,
}

/// The part that renews itself; where the page as a whole is another one by now, the whole page.
pub(super) async fn live(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(Was { was }): Query<Was>,
) -> Shown {
    let broadcast = reach(&site, &signed, id).await?;
    if code(&broadcast) != was {
        let whole = (HeaderName::from_static("hx-refresh"), HeaderValue::from_static("true"));
        return Ok(([whole], StatusCode::NO_CONTENT).into_response());
    }
    page(&part(&site, &signed, &broadcast).await?)
}

/// What the rest of the page depends on.
fn code(broadcast: &Broadcast) -> String {
    let counting = broadcast.count_asked_at.is_some();
    format!("{}-{}-{}", broadcast.state, counting, broadcast.is_going())
}

async fn part(site: &Site, signed: &Signed, broadcast: &Broadcast) -> Result<Part, Refusal> {
    let counting = broadcast.count_asked_at.is_some();
    let live = match broadcast.state.as_str() {
        DRAFT | WAITING if counting => Some("every 2s"),
        WAITING => Some("every 10s"),
        SENDING | SENT if broadcast.is_going() => Some("every 3s"),
        _ if broadcast.is_begun() => Some("every 60s"),
        _ => None,
    };
    Ok(Part {
        words: Words::of(signed.tongue),
        id: broadcast.id,
        live,
        code: code(broadcast),
        counting,
        preview: if broadcast.is_begun() { None } else { preview(site, signed, broadcast).await? },
        results: broadcast.is_begun().then(|| results(site, signed, broadcast)),
    })
}

async fn view(site: &Site, signed: &Signed, broadcast: &Broadcast, tried: Tried) -> Result<Page, Refusal> {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let part = part(site, signed, broadcast).await?;
    let (state, class) = words::state(words, broadcast);
    let unreadable = broadcasting::message(broadcast).err().map(NotDone::Unreadable);
    let refused = tried.refused.as_ref().or(unreadable.as_ref());
    let moment = |at| tongue.moment(at, signed.zone);
    let unbegun = matches!(broadcast.state.as_str(), DRAFT | WAITING);
    let decision = part.preview.as_ref().filter(|_| unbegun && !part.counting);
    let decision = decision.map(|preview| decide(site, signed, broadcast, preview, &tried));
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        id: broadcast.id,
        why: broadcast.why.clone(),
        whom: words::whom((signed.tongue, words), Some(&site.service.shelf.edition().library), broadcast),
        state,
        class,
        emergency: broadcast.emergency,
        alarm: refused.map(|refused| words::refused(words, tongue, refused, moment)),
        decision,
        unbegun,
        stoppable: broadcast.is_going(),
        back: back(site, words, broadcast).await?,
        says: says(signed.tongue, broadcast),
        facts: facts(words, signed, broadcast),
        part,
    })
}

fn decide(site: &Site, signed: &Signed, broadcast: &Broadcast, preview: &Preview, tried: &Tried) -> Decision {
    let (words, tongue, above) = (Words::of(signed.tongue), signed.tongue, site.console.approve_above);
    let persons = |number: i64| tongue.counted(number, words.persons);
    let lately = matches!(tried.refused, Some(NotDone::Lately(_))) || tried.typed.is("again");
    let people = persons(preview.people);
    let limit = persons(above);
    let rule =
        || fill(if preview.people > above { words.two_needed } else { words.one_enough }, &[("n", &limit)]);
    let (said, alarm, button) = if !preview.missing.is_empty() {
        (preview.missing.join(" "), true, None)
    } else if preview.people == 0 {
        (words.r_nobody.to_owned(), true, None)
    } else if !preview.fresh {
        (words.stale.to_owned(), false, None)
    } else if broadcast.state == DRAFT {
        let button = if preview.people > above { words.ask_second } else { words.send_to };
        (rule(), false, Some(("confirm", fill(button, &[("n", &people)]))))
    } else if preview.people > broadcast.people {
        let button = fill(words.confirm_new, &[("n", &people)]);
        (words::grew(words, tongue, broadcast.people, preview.people), true, Some(("confirm", button)))
    } else if [broadcast.account_id, broadcast.submitted_account].contains(&Some(signed.account.id)) {
        (words.not_you.to_owned(), false, None)
    } else {
        (
            was_confirmed(words, signed, broadcast),
            false,
            Some(("approve", fill(words.approve, &[("n", &people)]))),
        )
    };
    Decision {
        said,
        alarm,
        button,
        people: preview.people,
        shown: broadcasting::shown(broadcast),
        emergency: broadcast.emergency,
        again: lately,
    }
}

fn was_confirmed(words: &Words, signed: &Signed, broadcast: &Broadcast) -> String {
    let at = broadcast.submitted_at.map_or_else(String::new, |at| signed.tongue.moment(at, signed.zone));
    let people = signed.tongue.counted(broadcast.people, words.persons);
    let name = broadcast.submitted_by.as_deref().unwrap_or(&broadcast.made_by);
    fill(words.was_confirmed, &[("name", name), ("n", &people), ("time", &at)])
}

/// To the list, or of a correction to the recall of the tip that it corrects, while that stands.
async fn back(
    site: &Site,
    words: &'static Words,
    broadcast: &Broadcast,
) -> Result<(String, &'static str), Refusal> {
    if let Some(tip) = &broadcast.corrects {
        let all = recalling::list(&site.service.database).await?;
        if all.iter().any(|recall| recall.tip == *tip) {
            return Ok((format!("/console/review/recalls/{tip}"), words.to_recall));
        }
    }
    Ok(("/console/broadcasts".to_owned(), words.back))
}

/// Before it is begun the preview shows them.
fn says(tongue: Tongue, broadcast: &Broadcast) -> Vec<(String, String, String)> {
    let message = broadcasting::message(broadcast).ok().filter(|_| broadcast.is_begun());
    let words = message.into_iter().flat_map(|message| message.words);
    words
        .map(|(code, text)| (tongue.language(code.as_str()), code.to_string(), text.body.to_string()))
        .collect()
}

fn facts(words: &'static Words, signed: &Signed, broadcast: &Broadcast) -> Vec<(&'static str, String)> {
    let moment = |at| signed.tongue.moment(at, signed.zone);
    let mut facts = vec![(words.made_by, broadcast.made_by.clone())];
    if broadcast.state == WAITING {
        facts.push((words.state, was_confirmed(words, signed, broadcast)));
    }
    if broadcast.is_begun() {
        let confirmed = broadcast.submitted_by.clone().filter(|name| *name != broadcast.made_by);
        facts.extend(confirmed.map(|name| (words.confirmed_by, name)));
        let approved = broadcast.approved_by.as_ref().zip(broadcast.approved_at);
        let approved = approved.map(|(name, at)| format!("{name}, {}", moment(at)));
        facts.push((words.approved_by, approved.unwrap_or_else(|| words.nobody.to_owned())));
        let people = signed.tongue.counted(broadcast.people, words.persons);
        facts.push((words.begun, format!("{}, {people}", moment(broadcast.made_at))));
    }
    let ended = if broadcast.state == SENT { words.s_sent } else { words.ended };
    facts.extend(broadcast.ended_at.map(|at| (ended, moment(at))));
    facts
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    use super::preview::{Seen, Spoken};
    use super::results::Failed;
    let words = Words::of(tongue);
    let preview = || Preview {
        people: 1_234,
        people_words: tongue.number(1_234),
        sms: tongue.number(2_468),
        priceless: false,
        cost: tongue.money("USD", 20.5),
        leaves: "24 Nov 2026, 14:05".to_owned(),
        spreads: true,
        tight: true,
        asleep: "12".to_owned(),
        at: fill(words.counted_at, &[("time", "24 Nov 2026")]),
        fresh: true,
        missing: vec![fill(words.missing, &[("language", "Español"), ("n", "3")])],
        languages: vec![Spoken {
            name: "English".to_owned(),
            code: "en".to_owned(),
            women: "1".to_owned(),
            covered: "1".to_owned(),
            sms: "1".to_owned(),
            each: "1 SMS, GSM-7".to_owned(),
            words: Some("Boil <López> your water".to_owned()),
            cover: Some("You have <López> a message".to_owned()),
        }],
        zones: vec![("America / New York".to_owned(), "1".to_owned())],
        sample: vec![Seen {
            number: "+1202•••••43".to_owned(),
            language: "English".to_owned(),
            zone: "<López>".to_owned(),
            stage: "20+0".to_owned(),
        }],
        unreached: vec![(words.u_paused, "3".to_owned())],
    };
    let results = || Results {
        all: 10,
        left: 3,
        said: fill(words.left, &[("n", "3"), ("all", "10")]),
        at: Some(fill(words.as_of, &[("time", "14:05")])),
        until: Some(fill(words.last_leaves, &[("time", "14:35")])),
        figures: vec![(words.w_delivered, "3".to_owned()), (words.w_stops, "0".to_owned())],
        failures: vec![Failed {
            code: "30003".to_owned(),
            why: "<López>".to_owned(),
            provider: "<López>".to_owned(),
            texts: "1".to_owned(),
        }],
    };
    let page = |counting, preview: Option<Preview>, results: Option<Results>| {
        let begun = results.is_some();
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/broadcasts"),
            words,
            id: Uuid::nil(),
            why: "a <López> recall".to_owned(),
            whom: "<López>".to_owned(),
            state: words.s_waiting,
            class: "warn",
            emergency: true,
            alarm: Some(words::grew(words, tongue, 5, 7)),
            part: Part {
                words,
                id: Uuid::nil(),
                live: Some("every 2s"),
                code: "draft".to_owned(),
                counting,
                preview,
                results,
            },
            decision: Some(Decision {
                said: words.one_enough.replace("{n}", "5"),
                alarm: false,
                button: Some(("confirm", fill(words.send_to, &[("n", "5")]))),
                people: 5,
                shown: "<López>".to_owned(),
                emergency: true,
                again: true,
            }),
            unbegun: !begun,
            stoppable: begun,
            back: ("/console/broadcasts".to_owned(), words.back),
            says: vec![("English".to_owned(), "en".to_owned(), "Boil <López> your water".to_owned())],
            facts: vec![(words.made_by, "Ana <López>".to_owned())],
        })
    };
    vec![
        ("show, counting", page(true, None, None)),
        ("show, counted", page(false, Some(preview()), None)),
        ("show, begun", page(false, None, Some(results()))),
    ]
}
