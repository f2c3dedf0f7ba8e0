//! Texts read as a whole: a keyword or a short answer, with nothing beside it but courtesies.

use super::{
    Answer, Intent,
    lexicon::{KeywordWords, Keywords},
    message::Word,
    pattern::Choice,
    spelling::letters,
};

/// Numbers up to this one are choices from a list; larger ones are years, postcodes, weights.
const LARGEST_CHOICE: u32 = 99;

/// Letters a keyword that changes something needs before a slip in it is forgiven.
const FORGIVEN_IN_KEYWORDS: usize = 5;

/// Pieces that a single word may have been torn into: "st op".
const TORN: usize = 3;

/// One of the lists of a lexicon.
type List = fn(&KeywordWords) -> &Choice;

/// What is left of a text: all of it; without courtesies; and also without asides such as "ok" or a number.
#[derive(Debug)]
pub struct Cores<'w> {
    all: &'w [Word],
    bare: &'w [Word],
    loose: &'w [Word],
}

/// A word that a text of a single word may mean, and how many slips away it is.
#[derive(Debug)]
pub struct Meant {
    pub word: [Word; 1],
    slips: usize,
    letters: usize,
}

impl<'w> Cores<'w> {
    /// Peels the words of a text or of a part of it.
    pub fn of(words: &'w [Word], keywords: &Keywords) -> Self {
        let bare = peel(words, keywords, &[|l| &l.courtesies]);
        Self { all: words, bare, loose: peel(bare, keywords, &[|l| &l.courtesies, |l| &l.asides]) }
    }

    /// Whether nothing is left without courtesies and asides.
    pub fn says_nothing(&self) -> bool {
        self.loose.is_empty()
    }

    /// The text with and without its courtesies, and no more taken away.
    pub fn strict(&self) -> [&'w [Word]; 2] {
        [self.all, self.bare]
    }

    /// Also without asides.
    pub fn generous(&self) -> [&'w [Word]; 3] {
        [self.all, self.bare, self.loose]
    }

    /// The words that a text of a single word may mean.
    pub fn meant(&self, keywords: &Keywords) -> Vec<Meant> {
        meant(self.bare, keywords)
    }
}

/// The keyword other than stop and loss that the text is.
pub fn keyword(cores: &Cores, keywords: &Keywords) -> Option<Intent> {
    if cores.strict().iter().any(|core| says_only(core, |l| &l.help.words, keywords)) {
        return Some(Intent::Help);
    }
    let said =
        |(_, list): &&(Intent, List)| cores.generous().iter().any(|core| says_only(core, *list, keywords));
    CHANGES.iter().find(said).map(|(intent, _)| *intent)
}

/// The keyword that the text nearly is.
pub fn near_keyword(cores: &Cores, keywords: &Keywords) -> Option<Intent> {
    let meant = cores.meant(keywords);
    if meant.iter().any(|meant| says_only(&meant.word, |l| &l.help.words, keywords)) {
        return Some(Intent::Help);
    }
    let said = |(_, list): &&(Intent, List)| {
        meant
            .iter()
            .filter(|meant| meant.slips == 0 || meant.letters >= FORGIVEN_IN_KEYWORDS)
            .any(|meant| says_only(&meant.word, *list, keywords))
    };
    CHANGES.iter().find(said).map(|(intent, _)| *intent)
}

/// The keywords that change something, beside stop and loss.
const CHANGES: [(Intent, List); 2] =
    [(Intent::Start, |l| &l.start.words), (Intent::Update, |l| &l.update.words)];

/// The programs and languages whose start word the text is.
pub fn start(cores: &Cores, keywords: &Keywords) -> Vec<(String, String)> {
    let core = core_of_start(cores, keywords);
    [cores.all, core]
        .into_iter()
        .map(|words| starts(words, keywords))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The programs and languages whose start word the text nearly is.
pub fn near_start(cores: &Cores, keywords: &Keywords) -> Vec<(String, String)> {
    let meant = meant(core_of_start(cores, keywords), keywords);
    meant
        .iter()
        .map(|meant| starts(&meant.word, keywords))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn core_of_start<'w>(cores: &Cores<'w>, keywords: &Keywords) -> &'w [Word] {
    peel(cores.all, keywords, &[|l| &l.courtesies, |l| &l.asides, |l| &l.baby.beside])
}

fn starts(words: &[Word], keywords: &Keywords) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = keywords
        .starts
        .iter()
        .filter(|start| start.is(words))
        .map(|start| (start.word.program.clone(), start.word.language.clone()))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The short answer that the text is. Her own language decides before any other is asked.
pub fn answer(cores: &Cores, language: &str, keywords: &Keywords) -> Option<Answer> {
    const KINDS: [(Answer, List); 5] = [
        (Answer::Yes, |l| &l.answers.yes),
        (Answer::No, |l| &l.answers.no),
        (Answer::Skip, |l| &l.answers.skip),
        (Answer::LastPeriod, |l| &l.answers.last_period),
        (Answer::StillHer, |l| &l.answers.still_her),
    ];
    let order = keywords.hers_first(language);
    let said = |words: &[Word]| {
        order.iter().find_map(|lexicon| {
            let said = KINDS.iter().find(|(_, list)| lexicon.says_only(list(lexicon), words));
            said.map(|(answer, _)| *answer)
        })
    };
    let number = match cores.bare {
        [word] => word.number().filter(|&n| n <= LARGEST_CHOICE).map(Answer::Number),
        _ => None,
    };
    // A slip turns one short answer into another too easily; only repeated letters are forgiven.
    let meant =
        || cores.meant(keywords).iter().filter(|meant| meant.slips == 0).find_map(|meant| said(&meant.word));
    cores.generous().into_iter().find_map(&said).or(number).or_else(meant)
}

/// Whether the words, as a whole, are one of these in any language.
pub fn says_only(words: &[Word], list: List, keywords: &Keywords) -> bool {
    keywords.lexicons().any(|lexicon| lexicon.says_only(list(lexicon), words))
}

/// The words that a single word may mean, be it misspelled or torn apart.
fn meant(core: &[Word], keywords: &Keywords) -> Vec<Meant> {
    let meant = |word: &str, slips| Meant { word: [Word::exactly(word)], slips, letters: letters(word) };
    match core {
        [word] => {
            let real = word.typed.iter().any(|typed| keywords.spelling.is_real(typed));
            let readings = word.typed.iter().filter(|_| !real);
            let near = readings.flat_map(|typed| keywords.spelling.near(typed));
            near.map(|near| meant(near.word, near.slips)).collect()
        }
        [_, ..] if core.len() <= TORN => {
            vec![meant(&core.iter().map(|word| word.typed[0].as_str()).collect::<String>(), 0)]
        }
        _ => Vec::new(),
    }
}

/// Takes away, from both ends and in any language, whatever these lists say, until nothing more comes off.
fn peel<'w>(mut words: &'w [Word], keywords: &Keywords, lists: &[List]) -> &'w [Word] {
    loop {
        let before = words.len();
        for lexicon in keywords.lexicons() {
            for list in lists.iter().map(|list| list(lexicon)) {
                words = &words[list.leads(words, &lexicon.classes)..];
                words = &words[..words.len() - list.trails(words, &lexicon.classes)];
            }
        }
        if words.len() == before {
            return words;
        }
    }
}
