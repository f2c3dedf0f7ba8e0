//! Enrolling at a desk: one form, read back before anything is done; and in [`lists`] many from a spreadsheet.

mod desk;
mod download;
mod line;
mod list;
mod list_words;
mod lists;
mod template_words;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Timelike as _, Utc};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(super) use self::desk::named_programs;
use self::desk::{CARRIED, Desk, Read, fields, usual_program, why};
use self::words::Words;
use super::access::Signed;
use super::form::{Faults, Field, Kind, Typed};
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill, zone_name};
use super::{Shown, page};
use crate::domain::conversation::{DateKind, DateTaken};
use crate::domain::gestation::{Anchor, Track, stage_on};
use crate::domain::role::Right;
use crate::flows::Edition;
use crate::flows::enrolling::{self, Consent, NotEnrolled, Refused, Wish};
use crate::flows::importing::Verdict;
use crate::library::Program;
use crate::web::Site;

/// Why somebody was not enrolled, by the word that is kept of it.
pub fn why_refused(tongue: Tongue, kept: &str) -> Option<&'static str> {
    let words = list_words::Words::of(tongue);
    let verdict = if kept == "enrolled" { Verdict::Before } else { Verdict::named(kept)? };
    // What its sentence would name, such as a day, is not kept.
    let said = words.sentence(verdict).filter(|said| !said.contains("{0}"));
    Some(said.unwrap_or_else(|| words.group(verdict.group())))
}

/// The form.
#[derive(Template)]
#[template(path = "web/console/enroll/form.html")]
struct Form {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    refused: Option<Told>,
    done: Option<Uuid>,
}

/// Why nobody was enrolled, and whose page tells more.
struct Told {
    why: &'static str,
    her: Option<Uuid>,
}

/// The read-back.
#[derive(Template)]
#[template(path = "web/console/enroll/back.html")]
struct Back {
    shell: Shell,
    words: &'static Words,
    hidden: Vec<(&'static str, String)>,
    facts: Vec<(&'static str, String, String)>,
    /// The language of what she reads and hears.
    spoken: String,
    welcome: String,
    read: String,
    hash: String,
    witness: String,
    yes: Field,
    changed: bool,
}

/// What is filled in before anybody types.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    program: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    partner: String,
    done: Option<Uuid>,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/enroll", get(show).post(send)).merge(lists::routes())
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    signed.need(Right::Act)?;
    let language = match asked.language.as_str() {
        "" => signed.tongue.code().to_owned(),
        language => language.to_owned(),
    };
    let usual = || {
        let programs = signed.programs(&site, Right::Act);
        usual_program(&site.service.shelf.edition(), &programs, signed.tongue)
    };
    let program = if asked.program.is_empty() { usual() } else { asked.program };
    let typed = Typed::of([("program", program), ("language", language), ("partner", asked.partner)]);
    page(&form(&site, &signed, &typed, (&Faults::default(), &[]), (None, asked.done)))
}

fn form(
    site: &Site,
    signed: &Signed,
    typed: &Typed,
    (faults, readings): (&Faults, &[NaiveDate]),
    (refused, done): (Option<Told>, Option<Uuid>),
) -> Form {
    let words = Words::of(signed.tongue);
    let programs = signed.programs(site, Right::Act);
    let edition = site.service.shelf.edition();
    let fields = match programs.is_empty() {
        true => Vec::new(),
        false => fields(&edition, &programs, signed.tongue, typed, (faults, readings)),
    };
    Form { shell: signed.shell(words.title), words, fields, refused, done }
}

async fn send(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    signed.need(Right::Act)?;
    let (edition, now) = (site.service.shelf.edition(), site.service.now());
    let program = edition.library.program(typed.get("program")).ok_or(Refusal::NotFound)?;
    signed.reach(&site, Right::Act, &program.id, "enroll").await?;
    if typed.get("step") == "change" {
        return page(&form(&site, &signed, &typed, (&Faults::default(), &[]), (None, None)));
    }
    let desk = Desk { service: &site.service, edition: &edition, tongue: signed.tongue, now };
    let read = desk.read(program, &typed);
    let Read { wish: Some(wish), taken: Some(taken), .. } = read else {
        let shown = form(&site, &signed, &typed, (&read.faults, &read.readings), (None, None));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response());
    };
    let mine = signed.programs(&site, Right::Act);
    let on = program.whereabouts(wish.place.as_ref().map(|place| place.zone)).date_at(now);
    let to_read = enrolling::words_to_read(&edition, program, wish.language, on);
    let Some(to_read) = to_read else { return Err(Refusal::Broken("a reply is missing".to_owned())) };
    let hash = hashed(&to_read);
    let words = Words::of(signed.tongue);
    if typed.get("step") == "enroll" && typed.get("words") == hash && typed.is("yes") {
        let consent = Consent {
            read: Some(to_read),
            answered: words.said_yes.to_owned(),
            how: "aloud, at a desk".to_owned(),
            on: None,
            vouched: None,
        };
        return match enrolling::enroll(&site.service, &wish, &consent, &signed.actor(), &mine).await {
            Ok(id) => {
                signed.tell(words.done).await?;
                Ok(Redirect::to(&next(&wish, id)).into_response())
            }
            Err(NotEnrolled::Refused(refused)) => refuse(&site, &signed, &typed, &refused),
            Err(NotEnrolled::Store(error)) => Err(error.into()),
        };
    }
    // Told before she is read anything: it would be in vain.
    if let Err(refused) = enrolling::look(&site.service, &wish, &mine).await? {
        enrolling::note_refused(&site.service, &wish, &refused, &signed.actor()).await?;
        return refuse(&site, &signed, &typed, &refused);
    }
    let mut faults = Faults::default();
    let sent = typed.get("step") == "enroll";
    let changed = sent && typed.get("words") != hash;
    if sent && !changed {
        faults.add("yes", words.needs_yes);
    }
    let yes = Field::new(Kind::Tick, "yes", words.said_yes).filled(&Typed::default(), &faults);
    let about = About { edition: &edition, program, wish: &wish, taken, typed: &typed, now };
    let back = Back {
        shell: signed.shell(words.back_title),
        words,
        hidden: CARRIED.into_iter().map(|name| (name, typed.get(name).to_owned())).collect(),
        facts: about.facts(&signed, on),
        spoken: wish.language.to_string(),
        welcome: enrolling::welcome(&edition, &wish, on).unwrap_or_default(),
        read: to_read,
        hash,
        witness: fill(
            words.witness,
            &[("name", &signed.account.name), ("time", &signed.tongue.moment(now, signed.zone))],
        ),
        yes,
        changed,
    };
    let status = if sent { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page(&back)?).into_response())
}

fn refuse(site: &Site, signed: &Signed, typed: &Typed, refused: &Refused) -> Shown {
    let told = Told { why: why(refused, Words::of(signed.tongue)), her: refused.her() };
    let shown = form(site, signed, typed, (&Faults::default(), &[]), (Some(told), None));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

/// The form again, for the next one in the line.
fn next(wish: &Wish, her: Uuid) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("program", &wish.program).append_pair("language", wish.language.as_str());
    query.append_pair("partner", wish.partner.as_deref().unwrap_or_default());
    format!("/console/enroll?{}", query.append_pair("done", &her.to_string()).finish())
}

fn hashed(words: &str) -> String {
    Sha256::digest(words.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// What is read back.
struct About<'a> {
    edition: &'a Edition,
    program: &'a Program,
    wish: &'a Wish,
    taken: DateTaken,
    typed: &'a Typed,
    now: DateTime<Utc>,
}

impl About<'_> {
    /// Each thing: its name, how it was read, what stands beside it.
    fn facts(&self, signed: &Signed, on: NaiveDate) -> Vec<(&'static str, String, String)> {
        let (tongue, words, wish) = (signed.tongue, Words::of(signed.tongue), self.wish);
        let zone = wish.place.as_ref().map(|place| place.zone);
        let first = enrolling::first_tip(self.program, wish.anchor, zone, self.now);
        let clock = zone.unwrap_or(self.program.home_zone);
        let first = first.map_or(words.none_coming.to_owned(), |at| {
            let at = at.with_timezone(&clock);
            let time = format!("{:02}:00", at.hour());
            fill(words.about, &[("day", &tongue.weekday(at.date_naive())), ("time", &time)])
        });
        let what = match self.taken.kind {
            DateKind::Due => words.due,
            DateKind::Born => words.born,
            DateKind::LastPeriod => words.lmp,
        };
        let mut stage = stage(wish.anchor, on, words);
        if self.taken.kind == DateKind::LastPeriod {
            let due = fill(words.counted_due, &[("date", &tongue.day(wish.anchor.date()))]);
            stage = format!("{due}; {stage}");
        }
        let place = wish.place.as_ref().map_or((words.no_place.to_owned(), String::new()), |place| {
            let area = place.area.as_deref().map_or_else(String::new, |area| format!(", {area}"));
            (format!("{}{area}", place.name), zone_name(place.zone.name()))
        });
        let reader = desk::readers(words).into_iter().find(|(value, _)| *value == wish.reader.name());
        let mut facts = vec![
            (
                words.number,
                wish.phone.as_e164().to_owned(),
                fill(words.typed, &[("typed", self.typed.get("number"))]),
            ),
            (words.program, self.program.name(wish.language).to_owned(), self.program.id.clone()),
            (
                words.language,
                crate::library::name_of_language(wish.language.as_str()).to_owned(),
                String::new(),
            ),
            (what, tongue.weekday(self.taken.date), stage),
            (words.first_tip, first, String::new()),
            (words.place, place.0, place.1),
            (words.reader, reader.map_or_else(String::new, |(_, name)| name), String::new()),
        ];
        if let Some(code) = &wish.partner {
            let known = self.edition.library.program(&wish.program).and_then(|one| one.partners.get(code));
            let name = known.cloned().unwrap_or_else(|| words.unknown_code.to_owned());
            facts.push((words.code, code.clone(), name));
        }
        facts
    }
}

fn stage(anchor: Anchor, on: NaiveDate, words: &Words) -> String {
    let Some(stage) = stage_on(anchor, on) else { return words.not_yet.to_owned() };
    let weeks = format!("{}+{}", stage.week, stage.day);
    let said = if stage.track == Track::Baby { words.weeks_old } else { words.weeks_pregnant };
    fill(words.today, &[("stage", &fill(said, &[("stage", &weeks)]))])
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let shell = || Shell::sample(tongue, words.title, "/console/enroll");
    let typed = Typed::of([("number", "<López> 202".to_owned())]);
    let mut faults = Faults::default();
    faults.add("number", words.number_unread);
    let field = Field::new(Kind::Line("tel"), "number", words.number).filled(&typed, &faults);
    let back = Back {
        shell: shell(),
        words,
        hidden: vec![("number", "<López>".to_owned())],
        facts: vec![(words.number, "+12025550143".to_owned(), "<López> (202) 555-0143".to_owned())],
        spoken: "es".to_owned(),
        welcome: "You are in! <López>".to_owned(),
        read: "Text4baby: STOP".to_owned(),
        hash: "00".to_owned(),
        witness: "Ana <López>".to_owned(),
        yes: Field::new(Kind::Tick, "yes", words.said_yes),
        changed: true,
    };
    let mut samples: Vec<(&'static str, Box<dyn askama::DynTemplate>)> = vec![
        (
            "form",
            Box::new(Form {
                shell: shell(),
                words,
                fields: vec![field],
                refused: Some(Told { why: words.enrolled, her: Some(Uuid::nil()) }),
                done: Some(Uuid::nil()),
            }),
        ),
        (
            "form, no program",
            Box::new(Form { shell: shell(), words, fields: Vec::new(), refused: None, done: None }),
        ),
        ("read back", Box::new(back)),
    ];
    samples.extend(lists::samples(tongue));
    samples.extend(list::samples(tongue));
    samples
}
