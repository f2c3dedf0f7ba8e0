//! What she asks for beside the keywords: a birth, fewer texts, another hour, a visit noted, to be left unseen.
//!
//! Every word lies in `message-library/lexicons/<language>/requests.toml`, in the notation of the keywords. A request
//! is the whole text, or its beginning with something the program reads by itself behind it (a date, a number, a
//! place), or, for a few, a wording anywhere in a sentence. Requests stand beside the keywords and never in their
//! way: what means stop or tells of a loss is decided first ([`super::keyword`]).

mod words;

use super::keyword::KeywordWords;
use super::keyword::fold;
use super::keyword::message::{Message, Word};
use super::keyword::pattern::{Choice, Classes};
use super::keyword::spelling::Spelling;
use super::plan::Reader;

use self::words::Lists;
pub use self::words::RequestWords;

/// What she asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The baby, or babies, have come.
    Born,
    /// Another date, which follows.
    Dates,
    /// They have not.
    NotYet,
    /// So many babies.
    Several(u32),
    /// Only vital tips.
    Less,
    /// All tips again, or more on the last one.
    More,
    /// Nothing for a while.
    Pause,
    /// Tips again.
    Resume,
    /// Another hour.
    Time,
    /// Another language, by its code if she named one.
    Language(Option<String>),
    /// Another phone.
    Move,
    /// Another place.
    Place,
    /// This is not her number.
    Wrong,
    /// Who we are: from whoever does not know.
    Who,
    /// What we hold of her.
    Details,
    /// Erase it.
    Delete,
    /// A visit.
    Appointment,
    /// Which visits she noted.
    Visits,
    /// A visit on another day.
    MoveAppointment,
    /// No visit.
    CancelAppointment,
    /// Texts that give nothing away.
    Safe,
    /// Plain texts again.
    SafeOff,
    /// We took a text for what it was not.
    Undo,
    /// Who she is to the baby.
    Role(Reader),
    /// All of them.
    All,
    /// One of them.
    One,
    /// Show what is waiting.
    Read,
}

impl Request {
    /// The name under which texts are counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Born => "born",
            Self::Dates => "dates",
            Self::NotYet => "not_yet",
            Self::Several(_) => "several",
            Self::Less => "less",
            Self::More => "more",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Time => "time",
            Self::Language(_) => "language",
            Self::Move => "move",
            Self::Place => "place",
            Self::Wrong => "wrong",
            Self::Who => "who",
            Self::Details => "details",
            Self::Delete => "delete",
            Self::Appointment => "appointment",
            Self::Visits => "visits",
            Self::MoveAppointment => "move_appointment",
            Self::CancelAppointment => "cancel_appointment",
            Self::Safe => "safe",
            Self::SafeOff => "safe_off",
            Self::Undo => "undo",
            Self::Role(_) => "role",
            Self::All => "all",
            Self::One => "one",
            Self::Read => "read",
        }
    }
}

/// A request as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What for.
    pub request: Request,
    /// What followed, folded; empty if nothing did.
    pub rest: String,
    /// The same as she typed it, with all its marks.
    pub raw: String,
    /// It is all that was said, but for what followed; not a wording within a longer text.
    pub alone: bool,
    /// How many babies are told of beside a birth; none: one, or not said.
    pub babies: Option<u32>,
    /// The language it was said in, an ISO 639-1 code.
    pub language: String,
}

/// One language, ready.
#[derive(Clone, Debug)]
struct Ready {
    code: String,
    lists: Lists,
    classes: Classes,
    courtesies: Choice,
}

/// The requests of all languages, ready for look-up.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    languages: Vec<Ready>,
    spelling: Spelling,
}

/// Where a list is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// It is all the text says.
    Whole,
    /// The text begins so.
    Begins,
}

impl Requests {
    /// Makes the lexicons ready, each beside the keywords of its language.
    pub fn new<'a>(words: impl IntoIterator<Item = (String, RequestWords, &'a KeywordWords)>) -> Self {
        let words: Vec<_> = words.into_iter().collect();
        let lists = words.iter().flat_map(|(_, words, _)| words.lists());
        let vocabulary = lists.flat_map(Choice::vocabulary).map(str::to_owned).collect();
        let real = words.iter().flat_map(|(_, words, _)| words.real_words.iter());
        let known = words.iter().flat_map(|(_, _, keywords)| keywords.real_words.iter());
        let spelling = Spelling::new(vocabulary, real.chain(known).map(fold).collect());
        let languages = words.into_iter().map(|(code, words, keywords)| Ready {
            code,
            classes: words.classes(keywords),
            courtesies: keywords.courtesies.clone(),
            lists: words.requests,
        });
        Self { languages: languages.collect(), spelling }
    }

    /// Makes ready what is otherwise made when it is first asked.
    pub fn warm(&self) {
        self.spelling.warm();
    }

    /// What a text asks for. Her own language is asked first, then the others. Total.
    pub fn read(&self, text: &str, language: &str) -> Option<Asked> {
        let message = Message::read(text, &self.spelling);
        let (hers, others): (Vec<_>, Vec<_>) =
            self.languages.iter().partition(|ready| ready.code == language);
        let order: Vec<&Ready> = hers.into_iter().chain(others).collect();
        let whole = order.iter().find_map(|ready| ready.whole(&message));
        let asked = whole.or_else(|| order.iter().find_map(|ready| ready.within(&message)))?;
        let raw = last_words(text, asked.rest.split_whitespace().count());
        let babies = match asked.request {
            Request::Born => order.iter().find_map(|ready| ready.babies(&message)),
            _ => None,
        };
        Some(Asked { raw: raw.to_owned(), babies, ..asked })
    }
}

impl Ready {
    /// The request that the whole text is, or begins with: as it stands, or without its courtesies.
    fn whole(&self, message: &Message) -> Option<Asked> {
        let bare = self.peel(&message.words);
        self.of(&message.words).or_else(|| self.of(bare))
    }

    fn of(&self, words: &[Word]) -> Option<Asked> {
        let l = &self.lists;
        let named = || l.language_names.iter().find(|(_, names)| names.is_all_of(words, &self.classes));
        // The longer wording first: CANCEL APPT before APPT, SAFE OFF before SAFE.
        let lists: [(How, &Choice, Request); 27] = [
            (How::Begins, &l.cancel_appointment, Request::CancelAppointment),
            (How::Whole, &l.safe_off, Request::SafeOff),
            (How::Whole, &l.not_yet, Request::NotYet),
            (How::Whole, &l.undo, Request::Undo),
            (How::Whole, &l.wrong, Request::Wrong),
            (How::Whole, &l.delete, Request::Delete),
            (How::Whole, &l.details, Request::Details),
            (How::Whole, &l.who, Request::Who),
            (How::Whole, &l.visits, Request::Visits),
            (How::Whole, &l.twins, Request::Several(2)),
            (How::Whole, &l.triplets, Request::Several(3)),
            (How::Whole, &l.less, Request::Less),
            (How::Whole, &l.more, Request::More),
            (How::Whole, &l.resume, Request::Resume),
            (How::Whole, &l.safe, Request::Safe),
            (How::Whole, &l.read, Request::Read),
            (How::Whole, &l.partner, Request::Role(Reader::Partner)),
            (How::Whole, &l.grandparent, Request::Role(Reader::Grandparent)),
            (How::Whole, &l.worker, Request::Role(Reader::Worker)),
            (How::Whole, &l.mother, Request::Role(Reader::Mother)),
            (How::Whole, &l.all, Request::All),
            (How::Whole, &l.one, Request::One),
            (How::Begins, &l.pause, Request::Pause),
            (How::Begins, &l.time, Request::Time),
            (How::Begins, &l.move_appointment, Request::MoveAppointment),
            (How::Begins, &l.appointment, Request::Appointment),
            (How::Begins, &l.moves, Request::Move),
        ];
        if let Some((code, _)) = named() {
            return Some(self.asked(Request::Language(Some(code.clone())), &[]));
        }
        let found = lists.into_iter().find_map(|(how, list, request)| match how {
            // A date behind it is the new one; any other word makes it another text.
            How::Whole if request == Request::NotYet => {
                let dated = |rest: &&[Word]| {
                    rest.is_empty()
                        || rest.iter().any(|word| word.typed[0].contains(|c: char| c.is_ascii_digit()))
                };
                self.begins(list, words).filter(dated).map(|rest| self.asked(request, rest))
            }
            How::Whole => list.is_all_of(words, &self.classes).then(|| self.asked(request, &[])),
            // Of a pause only the days count.
            How::Begins if request == Request::Pause => {
                self.begins(list, words).map(|rest| self.asked(request, self.peel(rest)))
            }
            How::Begins => self.begins(list, words).map(|rest| self.asked(request, rest)),
        });
        match found {
            // "Had twins": a birth, though it tells how many as well.
            Some(Asked { request: Request::Several(_), .. }) => self.born(words).or(found),
            found => found.or_else(|| self.with_argument(words)),
        }
    }

    fn born(&self, words: &[Word]) -> Option<Asked> {
        let l = &self.lists;
        let taken_back = l.born_unless.is_in(words, &self.classes);
        let rest = self.begins(&l.born, words).filter(|_| !taken_back)?;
        Some(self.asked(Request::Born, rest))
    }

    /// Requests whose beginning is an ordinary word: only with what they are about.
    fn with_argument(&self, words: &[Word]) -> Option<Asked> {
        let l = &self.lists;
        if let Some(rest) = self.begins(&l.language, words) {
            let named = l.language_names.iter().find(|(_, names)| names.is_all_of(rest, &self.classes));
            // One word more is a language that we do not know: she is told which there are.
            if rest.len() <= 1 || named.is_some() {
                return Some(self.asked(Request::Language(named.map(|(code, _)| code.clone())), &[]));
            }
        }
        if let Some(rest) = self.begins(&l.place, words) {
            return Some(self.asked(Request::Place, rest));
        }
        if let Some(rest) = self.begins(&l.dates, words).filter(|rest| !rest.is_empty()) {
            return Some(self.asked(Request::Dates, rest));
        }
        self.born(words)
    }

    /// The request said somewhere within a sentence.
    fn within(&self, message: &Message) -> Option<Asked> {
        let l = &self.lists;
        let says = |list: &Choice, unless: &Choice| {
            let mut sentences = message.sentences();
            sentences.any(|words| list.is_in(words, &self.classes) && !unless.is_in(words, &self.classes))
        };
        if says(&l.wrong_wording, &l.wrong_unless) {
            return Some(self.within_text(Request::Wrong, &[]));
        }
        if says(&l.born_wording, &l.born_unless) {
            return Some(self.within_text(Request::Born, &message.words));
        }
        if says(&l.triplets, &l.several_unless) {
            return Some(self.within_text(Request::Several(3), &[]));
        }
        says(&l.twins, &l.several_unless).then(|| self.within_text(Request::Several(2), &[]))
    }

    /// How many babies a text tells of that tells of a birth.
    fn babies(&self, message: &Message) -> Option<u32> {
        let l = &self.lists;
        let says = |list: &Choice| message.sentences().any(|words| list.is_in(words, &self.classes));
        let several = [(&l.born_three, 3), (&l.born_two, 2)];
        several.into_iter().find_map(|(list, babies)| says(list).then_some(babies))
    }

    fn begins<'w>(&self, list: &Choice, words: &'w [Word]) -> Option<&'w [Word]> {
        let led = list.leads(words, &self.classes);
        (led > 0).then(|| &words[led..])
    }

    fn peel<'w>(&self, mut words: &'w [Word]) -> &'w [Word] {
        loop {
            let before = words.len();
            words = &words[self.courtesies.leads(words, &self.classes)..];
            words = &words[..words.len() - self.courtesies.trails(words, &self.classes)];
            if words.len() == before {
                return words;
            }
        }
    }

    fn within_text(&self, request: Request, rest: &[Word]) -> Asked {
        Asked { alone: false, ..self.asked(request, rest) }
    }

    fn asked(&self, request: Request, rest: &[Word]) -> Asked {
        let rest: Vec<&str> = rest.iter().map(|word| word.typed[0].as_str()).collect();
        let (rest, language) = (rest.join(" "), self.code.clone());
        Asked { request, rest, raw: String::new(), alone: true, babies: None, language }
    }
}

/// The end of a text that holds so many words.
fn last_words(text: &str, count: usize) -> &str {
    let mut left = count;
    let mut inside = false;
    let mut begin = text.len();
    for (at, c) in text.char_indices().rev() {
        // What joins figures to one number, date or time belongs to them.
        let word = c.is_alphanumeric();
        if word && !inside {
            if left == 0 {
                break;
            }
            left -= 1;
        }
        if word {
            begin = at;
        }
        inside = word;
    }
    // A sign right before belongs to it: +1 202 555 0177.
    if text[..begin].ends_with('+') { &text[begin - 1..] } else { &text[begin..] }
}
