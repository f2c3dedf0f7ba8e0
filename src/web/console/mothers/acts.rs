//! What is done for her: a form, then what would happen, then the deed. Each is a flow that texting uses as well.

mod ahead;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use uuid::Uuid;

use super::Mother;
use super::act_forms::{self, Wanted};
use super::act_words::{self, Words};
use crate::domain::named::named;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::flows::Edition;
use crate::flows::acting::{self, Refused, Whom};
use crate::web::Site;
use crate::web::console::access::Signed;
#[cfg(test)]
use crate::web::console::form::Kind;
use crate::web::console::form::{Faults, Field, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::fill;
use crate::web::console::{Shown, page};

named! {
    /// What can be done for her, by its name in the address.
    pub enum Act {
        /// Another date.
        Date = "date",
        /// A birth.
        Birth = "birth",
        /// Fewer texts.
        Less = "less",
        /// All texts.
        All = "all",
        /// None for a while.
        Pause = "pause",
        /// The end of that.
        Resume = "resume",
        /// Her hour.
        Hour = "hour",
        /// Another phone.
        Move = "move",
        /// One text.
        Send = "send",
        /// The last text again.
        Resend = "resend",
        /// A loss.
        Loss = "loss",
        /// The end.
        Stop = "stop",
        /// The end of all that is held.
        Erase = "erase",
    }
}

impl Act {
    /// It ends something.
    pub fn is_grave(self) -> bool {
        matches!(self, Self::Loss | Self::Stop | Self::Erase)
    }
}

#[derive(Template)]
#[template(path = "web/console/mothers/act.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    path: String,
    act: Act,
    title: &'static str,
    lead: &'static str,
    number: String,
    fields: Vec<Field>,
    /// What is wrong, where it is no field's.
    fault: Option<String>,
    ahead: Option<Ahead>,
}

/// What would happen.
struct Ahead {
    /// What is typed, once more, out of sight.
    typed: Vec<(String, String)>,
    /// As she was when this was shown.
    seen: String,
    lines: Vec<(&'static str, String)>,
    /// The words that go out, in which language, and when.
    said: Vec<String>,
    language: String,
    at: String,
    remarks: Vec<String>,
    /// The tick without which it is not done.
    sure: Option<Field>,
}

pub(super) async fn form(
    State(site): State<Site>,
    signed: Signed,
    Path((id, act)): Path<(Uuid, String)>,
) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Act).await?;
    let act = Act::named(&act).ok_or(Refusal::NotFound)?;
    mother.seen(&site, &signed, "open mother", "").await?;
    let edition = site.service.shelf.edition();
    let typed = Typed::of([("tell", "yes".to_owned())]);
    page(&Page::new(&signed, &mother, &edition, act, (&typed, &Faults::default())))
}

pub(super) async fn asked(
    State(site): State<Site>,
    signed: Signed,
    Path((id, act)): Path<(Uuid, String)>,
    typed: Typed,
) -> Shown {
    let mother = Mother::reach(&site, &signed, id, Right::Act).await?;
    let act = Act::named(&act).ok_or(Refusal::NotFound)?;
    let desk =
        Desk { site: &site, signed: &signed, mother: &mother, edition: &site.service.shelf.edition(), act };
    let answered = desk.answer(&typed).await?;
    // What is done is written down with it; what is only shown, here.
    if !answered.status().is_redirection() {
        mother.seen(&site, &signed, "open mother", "").await?;
    }
    Ok(answered)
}

/// Where something is done for her.
struct Desk<'a> {
    site: &'a Site,
    signed: &'a Signed,
    mother: &'a Mother,
    edition: &'a Edition,
    act: Act,
}

impl Desk<'_> {
    /// What would be done, or, once that was read and confirmed, the deed.
    async fn answer(&self, typed: &Typed) -> Shown {
        let (act, words) = (self.act, Words::of(self.signed.tongue));
        let mut faults = Faults::default();
        let Some(wanted) = act_forms::read(act, self.mother, self.edition, words, typed, &mut faults) else {
            let nothing = faults.is_empty().then(|| words.not_enrolled.to_owned());
            return self.refused(typed, &faults, nothing);
        };
        let tell = !act_forms::offers_silence(act) || typed.is("tell");
        let mut ahead = match self.ahead(&wanted, tell, typed).await {
            Ok(ahead) => ahead,
            Err(refused) => return self.not_possible(typed, refused),
        };
        let mut status = StatusCode::OK;
        let mut fault = None;
        match typed.get("confirm") {
            "" => {}
            _ if act == Act::Erase && !typed.is("sure") => {
                let mut faults = Faults::default();
                faults.add("sure", words.not_sure);
                ahead.sure = ahead.sure.map(|field| field.filled(&Typed::default(), &faults));
                status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            _ => match self.carry_out(&wanted, tell, typed).await {
                Ok(()) => {
                    let (called, _) = act_words::called(words, act);
                    self.signed.tell(&fill(words.done, &[("what", called)])).await?;
                    return Ok(Redirect::to(&self.mother.path()).into_response());
                }
                // What would be done now is shown, and nothing was.
                Err(Refused::Changed) => {
                    fault = Some(words.changed.to_owned());
                    status = StatusCode::CONFLICT;
                }
                Err(refused) => return self.not_possible(typed, refused),
            },
        }
        let mut shown = Page::new(self.signed, self.mother, self.edition, act, (typed, &Faults::default()));
        shown.ahead = Some(ahead);
        shown.fault = fault;
        Ok((status, page(&shown)?).into_response())
    }

    /// Her, as far as they may act for her.
    fn whom(&self) -> Whom<'_> {
        Whom { id: self.mother.her.id, within: &self.mother.programs }
    }

    fn refused(&self, typed: &Typed, faults: &Faults, fault: Option<String>) -> Shown {
        let mut shown = Page::new(self.signed, self.mother, self.edition, self.act, (typed, faults));
        shown.fault = fault;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
    }

    fn not_possible(&self, typed: &Typed, refused: Refused) -> Shown {
        let Some(said) = act_words::refused(self.signed.tongue, &refused) else {
            return Err(match refused {
                Refused::Gone => Refusal::NotFound,
                broken => Refusal::Broken(broken.to_string()),
            });
        };
        let mut faults = Faults::default();
        let field = act_forms::field_of(self.act);
        let shown = Page::new(self.signed, self.mother, self.edition, self.act, (typed, &faults));
        if shown.fields.iter().any(|known| known.name == field) {
            faults.add(field, said);
            return self.refused(typed, &faults, None);
        }
        self.refused(typed, &faults, Some(said))
    }

    async fn carry_out(&self, wanted: &Wanted, tell: bool, typed: &Typed) -> Result<(), Refused> {
        let (service, her, by) = (&self.site.service, self.whom(), self.signed.actor());
        match wanted {
            Wanted::Deed(deed) => {
                let (seen, why) = (typed.get("seen"), typed.get("why"));
                acting::carry_out(service, (her, seen), (deed, tell), (&by, why)).await
            }
            Wanted::Send(said) => acting::send(service, (her, typed.get("seen")), said, &by).await,
            Wanted::Resend => {
                let text = Uuid::parse_str(typed.get("seen")).unwrap_or_default();
                acting::resend(service, her, text, &by).await
            }
        }
    }
}

impl Page {
    /// Whether it is not easily made good again.
    fn is_grave(&self) -> bool {
        act_forms::needs_reason(self.act)
    }

    fn new(
        signed: &Signed,
        mother: &Mother,
        edition: &Edition,
        act: Act,
        (typed, faults): (&Typed, &Faults),
    ) -> Self {
        let words = Words::of(signed.tongue);
        let (title, lead) = act_words::called(words, act);
        Self {
            shell: signed.shell(title),
            words,
            path: mother.path(),
            act,
            title,
            lead,
            number: masked(mother.her.number()),
            fields: act_forms::fields(act, mother, edition, signed.tongue, (typed, faults)),
            fault: None,
            ahead: None,
        }
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let bad = || "<b>@ \"<López>\" <fast>".to_owned();
    let shown = |act: Act, ahead: Option<Ahead>| {
        let (title, lead) = act_words::called(words, act);
        Page {
            shell: Shell::sample(tongue, title, "/console/mothers"),
            words,
            path: "/console/mothers/x".to_owned(),
            act,
            title,
            lead,
            number: "+1202•••••43".to_owned(),
            fields: vec![Field::line("why", words.why)],
            fault: Some(bad()),
            ahead,
        }
    };
    let ahead = Ahead {
        typed: vec![("why".to_owned(), bad())],
        seen: "x".to_owned(),
        lines: vec![(words.now, bad())],
        said: vec![bad()],
        language: "en".to_owned(),
        at: words.at_once.to_owned(),
        remarks: vec![bad()],
        sure: Some(Field::new(Kind::Tick, "sure", words.sure)),
    };
    let mut all: Vec<(&'static str, Box<dyn askama::DynTemplate>)> =
        vec![("act, ahead", Box::new(shown(Act::Erase, Some(ahead))))];
    for act in Act::ALL {
        all.push((act.name(), Box::new(shown(*act, None))));
    }
    all
}
