//! Where a form may go whose words are carried: what it does there, and how its fields are called. What is not told here
//! is not carried: neither a password, nor a tick that says that something was read, nor a choice that a person could not
//! read again.

use super::words::Words;
use crate::library::Field as Part;
use crate::web::console::library::names;
use crate::web::console::mothers;
use crate::web::console::tongue::Tongue;

/// What may come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is sent again as it is shown.
    Send,
    /// It is sent again without what confirmed it, so that what would be done is shown anew.
    Look,
    /// It is not sent from here: it is done only where it is read before.
    Copy,
}

/// An address that a form goes to.
#[derive(Debug)]
pub struct Place {
    /// `*` is any name.
    path: &'static str,
    what: fn(&Words) -> &'static str,
    /// What may come of it.
    pub then: Then,
    /// So many parts of the address are the page of what it is about.
    page: usize,
    /// Fields that are chosen anew.
    without: &'static [&'static str],
}

type What = fn(&Words) -> &'static str;

const fn place(path: &'static str, what: What, then: Then, page: usize) -> Place {
    Place { path, what, then, page, without: &[] }
}

/// One of the inbox: the form holds whatever is on its page.
const fn of_inbox(path: &'static str, what: What) -> Place {
    Place { path, what, then: Then::Send, page: 3, without: &["to", "why", "from", "reply"] }
}

static ALL: [Place; 27] = [
    place("/console/mothers", |w| w.find, Then::Send, 2),
    place("/console/mothers/*/number", |w| w.reveal, Then::Send, 3),
    place("/console/mothers/*/export", |w| w.export, Then::Send, 3),
    place("/console/mothers/*/do/*", |w| w.act, Then::Look, 3),
    place("/console/inbox/replies", |w| w.saved, Then::Send, 3),
    place("/console/inbox/replies/*", |w| w.saved, Then::Send, 4),
    of_inbox("/console/inbox/*/answer", |w| w.answer),
    of_inbox("/console/inbox/*/note", |w| w.note_it),
    of_inbox("/console/inbox/*/hand-on", |w| w.hand_on),
    of_inbox("/console/inbox/*/close", |w| w.close),
    of_inbox("/console/inbox/*/take", |w| w.take),
    of_inbox("/console/inbox/*/put-back", |w| w.put_back),
    place("/console/broadcasts/new", |w| w.draft, Then::Send, 2),
    place("/console/broadcasts/*/edit", |w| w.draft, Then::Send, 3),
    // Her yes was said to the words that were read to her then, and is not carried; `words` is only their mark.
    Place { path: "/console/enroll", what: |w| w.enroll, then: Then::Look, page: 2, without: &["words"] },
    place("/console/library/new", |w| w.new_tip, Then::Send, 2),
    place("/console/library/tips/*/edit", |w| w.change_tip, Then::Send, 4),
    place("/console/library/tips/*/submit", |w| w.submit, Then::Copy, 4),
    place("/console/review/tips/*/return", |w| w.send_back, Then::Send, 4),
    place("/console/review/tips/*/remark", |w| w.remark_it, Then::Send, 4),
    place("/console/review/tips/*/approve", |w| w.approve, Then::Copy, 4),
    place("/console/review/publish", |w| w.publish, Then::Copy, 3),
    place("/console/review/editions/*/rollback", |w| w.roll_back, Then::Copy, 4),
    place("/console/review/recalls", |w| w.recall, Then::Send, 3),
    place("/console/review/recalls/*/correct", |w| w.correct, Then::Copy, 4),
    place("/console/review/recalls/*/lift", |w| w.lift, Then::Send, 4),
    // Roles are given anew.
    place("/console/accounts", |w| w.invite, Then::Send, 2),
];

/// What a form says to the service, and to nobody else: up to where a page was read, which button it was.
const MARKS: [&str; 5] = ["seen", "do", "as", "next", "enrollment"];

/// Where an address leads; none: nothing of it is carried.
pub fn of(to: &str) -> Option<&'static Place> {
    let parts: Vec<&str> = path(to).split('/').collect();
    let fits = |(known, part): (&str, &&str)| known == *part || known == "*" && !part.is_empty();
    ALL.iter().find(|place| {
        let known = place.path.split('/');
        known.clone().count() == parts.len() && known.zip(&parts).all(fits)
    })
}

fn path(to: &str) -> &str {
    to.split(['?', '#']).next().unwrap_or_default()
}

impl Place {
    /// Whether a field is carried.
    pub fn carries(&self, name: &str) -> bool {
        MARKS.contains(&name) || self.label(Tongue::En, name).is_some()
    }

    /// What it does.
    pub fn what(&self, tongue: Tongue, to: &str) -> String {
        let what = (self.what)(Words::of(tongue));
        let act = path(to).rsplit('/').next().filter(|_| self.path.contains("/do/"));
        act.and_then(|act| mothers::called(tongue, act))
            .map_or_else(|| what.to_owned(), |act| format!("{what}: {act}"))
    }

    /// The page of what it is about.
    pub fn page(&self, to: &str) -> String {
        path(to).split('/').take(self.page + 1).collect::<Vec<_>>().join("/")
    }

    /// Of which tip it is, where the address says so.
    pub fn tip<'a>(&self, to: &'a str) -> Option<&'a str> {
        let known = self.path.split('/').position(|part| part == "tips" || part == "recalls")?;
        path(to).split('/').nth(known + 1)
    }

    /// What a field is called; none: a person could not read it.
    pub fn label(&self, tongue: Tongue, name: &str) -> Option<String> {
        if self.without.contains(&name) {
            return None;
        }
        let words = Words::of(tongue);
        let of = |beginning: &str| name.strip_prefix(beginning).map(|code| tongue.language(code));
        if let Some(language) = of("text-").or_else(|| of("words-")) {
            return Some(format!("{}, {language}", words.said));
        }
        if let Some(language) = of("right-") {
            return Some(format!("{}, {language}", words.right));
        }
        if let Some(part) = self.part(name) {
            return Some(names::Words::of(tongue).field(part).to_owned());
        }
        called(words, name).map(str::to_owned)
    }

    /// What is in a field, as a person reads it.
    pub fn value(&self, tongue: Tongue, name: &str, value: &str) -> String {
        let words = Words::of(tongue);
        if let Some(part) = self.part(name) {
            let values = names::Words::of(tongue).values(part);
            let known = values.into_iter().find(|(known, _)| *known == value);
            return known.map_or(value, |(_, called)| called).to_owned();
        }
        let called = match (name, value) {
            ("language", code) => return tongue.language(code),
            ("tell" | "unplaced" | "after-loss" | "emergency", "yes") => words.yes,
            (name, "yes") if name.starts_with("right-") => words.yes,
            ("what", "due") => words.due,
            ("what", "born") => words.birth,
            ("what", "lmp") => words.lmp,
            ("lost", "all") => words.lost_all,
            ("lost", "one") => words.lost_one,
            ("reader", "mother") => words.mother,
            ("reader", "partner") => words.partner,
            ("reader", "grandparent") => words.grandparent,
            ("reader", "worker") => words.worker,
            ("track", "pregnancy") => words.pregnancy,
            ("track", "baby") => words.baby,
            (_, value) => value,
        };
        called.to_owned()
    }

    /// A part of a tip.
    fn part(&self, name: &str) -> Option<Part> {
        let tips = self.path.starts_with("/console/library/") || self.path.starts_with("/console/review/");
        // Who is to review it is chosen anew.
        let mut parts = Part::ALL.into_iter().filter(|part| tips && *part != Part::Reviewer);
        parts.find(|part| part.name().replace(' ', "-") == name)
    }
}

fn called(words: &Words, name: &str) -> Option<&'static str> {
    Some(match name {
        "words" => words.said,
        "title" => words.title,
        "for" => words.for_,
        "note" | "remark" => words.note,
        "hand-note" => words.hand_note,
        "close-note" => words.close_note,
        "why" | "reason" | "lift-why" => words.why,
        "number" => words.number,
        "date" => words.date,
        "day" => words.day,
        "born" | "born2" | "born3" => words.born,
        "lost" => words.lost,
        "until" => words.until,
        "time" => words.time,
        "tell" => words.tell,
        "program" => words.program,
        "language" => words.language,
        "what" => words.what,
        "reading" => words.reading,
        "place" => words.place,
        "area" => words.area,
        "reader" => words.reader,
        "partner" | "code" => words.code,
        "track" => words.track,
        "from" => words.from_week,
        "to" => words.to_week,
        "unplaced" => words.unplaced,
        "after-loss" => words.after_loss,
        "emergency" => words.emergency,
        "tip" => words.tip,
        "name" => words.person,
        "email" => words.email,
        "id" => words.id,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_confirms_is_not_carried() {
        let erase = of("/console/mothers/1/do/erase").expect("a place");
        assert_eq!(Then::Look, erase.then);
        assert_eq!("Done for her: Erase her data", erase.what(Tongue::En, "/console/mothers/1/do/erase"));
        assert_eq!("/console/mothers/1", erase.page("/console/mothers/1/do/erase"));
        assert!(erase.carries("why") && erase.carries("seen") && erase.carries("enrollment"));
        assert!(!erase.carries("confirm") && !erase.carries("sure") && !erase.carries("token"));
        let enroll = of("/console/enroll").expect("a place");
        assert!(enroll.carries("number") && enroll.carries("date"));
        assert!(!enroll.carries("yes") && !enroll.carries("words") && !enroll.carries("step"));
        for none in [
            "/console/broadcasts/1/confirm",
            "/console/broadcasts/1/approve",
            "/console/broadcasts/1/stop",
            "/console/library/tips/a/discard",
            "/console/me/password",
            "/console/mothers//number",
            "/console/sign-in",
        ] {
            assert!(of(none).is_none(), "{none}");
        }
    }

    #[test]
    fn every_place_is_ours_and_leads_to_a_page() {
        for place in &ALL {
            let to = place.path.replace('*', "x");
            assert!(std::ptr::eq(place, of(&to).expect("a place")), "{to}");
            assert!(place.page(&to).len() <= to.len() && place.page(&to).starts_with("/console/"), "{to}");
        }
        let edit = of("/console/library/tips/a-tip/edit?from=list").expect("a place");
        assert_eq!(Some("a-tip"), edit.tip("/console/library/tips/a-tip/edit?from=list"));
        assert_eq!(Some("Words, Spanish".to_owned()), edit.label(Tongue::En, "text-es"));
        assert_eq!("русский", edit.value(Tongue::Ru, "language", "ru"));
    }
}
