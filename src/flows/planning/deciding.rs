//! What is due, decided in memory: which tip, for which day, at which minute, and what comes after.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{course, moment};
use crate::domain::calendar::Almanac;
use crate::domain::conversation::{Fields, Reply};
use crate::domain::language::Language;
use crate::domain::plan::{self, Course, Next, Occurrence, Slot, Terms, own_part};
use crate::flows::{Edition, Service};
use crate::library::{Carries, Listener, Program, Text, Tip, Voice};
use crate::store::agenda::{BEGINNING, Due, Place, Version};
use crate::store::plan::{Choice, Lot, Sheets, Step};
use crate::store::planned::Outcome;

/// What is to be written of a batch.
pub(super) struct Decided {
    /// When its lines were read.
    pub read_at: DateTime<Utc>,
    /// From which edition its words come.
    pub edition: i64,
    /// How many lines it takes.
    pub lines: usize,
    /// The place of the last of them.
    pub end: Place,
    /// Whether no more are due.
    pub last: bool,
    /// What occurrences have in common.
    pub lots: Vec<Lot>,
    /// What they do not, by enrollment: the record is ordered so, and within a batch the queue too.
    pub steps: Vec<Step>,
    /// Both, as they will be written.
    pub sheets: Sheets,
    /// The words of the tips, in one order for everybody.
    pub words: BTreeMap<[u8; 32], Text>,
    /// Lines for which nothing is left to plan.
    pub struck: Vec<Place>,
    /// Lines of revoked versions.
    pub revoked: Vec<Place>,
    /// Enrollments whose year is over.
    pub complete: Vec<Version>,
}

/// The planner is behind by less than this even where a million fall due at once.
const LATE: TimeDelta = TimeDelta::minutes(5);

/// Decides lines that are due at `now`.
pub(super) fn decide(
    service: &Service,
    edition: &Edition,
    due: &[Due],
    now: DateTime<Utc>,
    last: bool,
) -> Decided {
    let decided = Decided {
        read_at: now,
        edition: edition.number,
        lines: due.len(),
        end: due.last().map_or(BEGINNING, Due::place),
        last,
        lots: Vec::new(),
        steps: Vec::with_capacity(due.len()),
        sheets: Sheets::default(),
        words: BTreeMap::new(),
        struck: Vec::new(),
        revoked: Vec::new(),
        complete: Vec::new(),
    };
    let mut desk = Desk {
        service,
        edition,
        now,
        almanac: Almanac::default(),
        numbers: HashMap::new(),
        empty: BTreeMap::new(),
        decided,
    };
    for line in due {
        if line.revoked {
            desk.decided.revoked.push(line.place());
        } else {
            desk.decide(line);
        }
    }
    desk.tell();
    let mut decided = desk.decided;
    decided.steps.sort_by_key(|step| step.line.1);
    // The queue is in the order of these ids, and must be written in it: texts that leave together lie together.
    for (id, _) in decided.steps.iter_mut().filter_map(|step| step.text.as_mut()) {
        *id = service.text_id();
    }
    decided.sheets = Sheets::of(&service.database, &decided.lots, &decided.steps);
    decided
}

/// When a tip leaves that was due `at`: now, if nothing held it up. After an outage all that fell due meanwhile would
/// leave at once, so it is spread anew over what is left of the window: by her own constant minute.
fn leaves_at(
    course: &Course<'_>,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    (opens, last): (DateTime<Utc>, DateTime<Utc>),
) -> DateTime<Utc> {
    let start = opens.max(now);
    if start - at <= LATE {
        return start;
    }
    start + own_part(course.enrollment, course.timetable.spread.min(last - start))
}

/// Where a batch is decided.
struct Desk<'a> {
    service: &'a Service,
    edition: &'a Edition,
    now: DateTime<Utc>,
    /// What the calendar has told about the places and days of this batch.
    almanac: Almanac,
    /// The places of the lots.
    numbers: HashMap<Lot, usize>,
    /// How many slots stay empty, by program: nothing in the library may be sent for them.
    empty: BTreeMap<(&'a str, Slot, Language), usize>,
    decided: Decided,
}

impl<'a> Desk<'a> {
    /// Everything of a line that fell due up to now, and what comes after.
    fn decide(&mut self, due: &Due) {
        let line = due.place();
        let Some(program) = self.edition.library.program(&due.program) else {
            tracing::error!(program = %due.program, enrollment = %due.id, "its program is not in the library: nothing is planned for it");
            return self.decided.struck.push(line);
        };
        let zone = due.zone.as_deref().and_then(|name| name.parse().ok());
        let course = course(program, due.id, due.anchor(), due.enrolled_on, zone);
        let course = match &due.terms {
            None => course,
            Some(kept) => Course { terms: Terms::from_json(Some(kept)), ..course },
        };
        let mut after = due.next_on - Days::new(1);
        loop {
            match plan::next_with(&mut self.almanac, &course, after) {
                Next::Due(occurrence) if moment(&course, &occurrence) > self.now => {
                    let next = (occurrence.on, moment(&course, &occurrence));
                    return self.move_on(line, next);
                }
                Next::Due(occurrence) => {
                    self.settle(program, due, &course, &occurrence);
                    after = occurrence.on;
                }
                Next::Held => return self.decided.struck.push(line),
                Next::Complete => {
                    self.decided.complete.push((due.id, due.version));
                    return self.decided.struck.push(line);
                }
            }
        }
    }

    /// The line's last occurrence carries what comes next; if there was none, a step of its own does.
    fn move_on(&mut self, line: Place, next: (NaiveDate, DateTime<Utc>)) {
        match self.decided.steps.last_mut() {
            Some(step) if step.line == line => step.moves_to = Some(next),
            _ => self.decided.steps.push(Step { line, lot: None, text: None, moves_to: Some(next) }),
        }
    }

    fn settle(&mut self, program: &'a Program, due: &Due, course: &Course<'_>, occurrence: &Occurrence) {
        let (slot, now) = (occurrence.slot, self.now);
        let carries =
            self.service.senders.get(&due.sender).map_or(Carries::Approved, |sender| sender.carries());
        let window = self.almanac.local(&program.timetable.window, &course.whereabouts).at_or_after(now);
        let sendable = window.filter(|window| window.opens.max(now) < occurrence.not_after);
        let mut lot = Lot { on: occurrence.on, slot, outcome: Outcome::NoTip, tip: None };
        let mut text = None;
        match (occurrence.at, sendable) {
            (None, _) => lot.outcome = Outcome::NoWindow,
            (Some(_), None) => lot.outcome = Outcome::Expired,
            (Some(at), Some(window)) => {
                let listener = Listener {
                    language: due.language,
                    area: due.area.as_deref(),
                    reader: course.terms.reader(),
                    carries,
                };
                let stands = |tip: &Tip| self.edition.stands_by(tip);
                match program.choose(occurrence, &listener, stands) {
                    // Who gets less than every slot's own tip lacks nothing where a slot has none for her.
                    None if course.terms != Terms::default() => {}
                    None => *self.empty.entry((&program.id, slot, due.language)).or_default() += 1,
                    Some((tip, words)) => {
                        // She reads it when she is alone.
                        let notice =
                            course.terms.discreet.then(|| self.notice(program, due.language)).flatten();
                        let words = notice.as_ref().unwrap_or(words);
                        lot.outcome = Outcome::Queued;
                        lot.tip = Some(Choice {
                            tip: tip.id.clone(),
                            language: due.language,
                            words: words.hash,
                            encoding: words.encoding,
                            segments: words.segments,
                            not_after: occurrence.not_after,
                            window_closes_at: window.closes,
                        });
                        // It gets its id with all the others, once they are in order.
                        let last = window.closes.min(occurrence.not_after);
                        text = Some((Uuid::nil(), leaves_at(course, at, now, (window.opens, last))));
                        self.decided.words.entry(words.hash).or_insert_with(|| words.clone());
                    }
                }
            }
        }
        let lot = Some(self.number(lot));
        self.decided.steps.push(Step { line: due.place(), lot, text, moves_to: None });
    }

    /// What says only that there is something to read.
    fn notice(&self, program: &Program, language: Language) -> Option<Text> {
        let today = self.now.date_naive();
        let voice = Voice { library: &self.edition.library, program, language, today };
        voice.say(Reply::SafeNotice, &Fields::default()).map(|words| Text::new(&words))
    }

    fn number(&mut self, lot: Lot) -> usize {
        if let Some(number) = self.numbers.get(&lot) {
            return *number;
        }
        let number = self.decided.lots.len();
        self.decided.lots.push(lot.clone());
        self.numbers.insert(lot, number);
        number
    }

    /// Says which slots stay empty: a line for each, however many women they are due to.
    fn tell(&self) {
        for ((program, slot, language), enrollments) in &self.empty {
            tracing::warn!(program, track = slot.track.name(), week = slot.week, slot = slot.number, %language, enrollments,
                "no tip that may be sent: the slot stays empty");
        }
    }
}
