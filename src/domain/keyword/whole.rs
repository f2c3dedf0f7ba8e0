//! Texts read as a whole: a keyword or a short answer, with nothing beside it but courtesies.

use super::{
    Answer, Intent,
    lexicon::{KeywordWords, Keywords, Start},
    message::{Message, Word},
    pattern::Pattern,
    spelling::letters,
};

/// Numbers up to this one are choices from a list; larger ones are dates, postcodes, weights.
const LARGEST_CHOICE: u32 = 99;

/// Letters a keyword needs before a slip in it is forgiven, for those that change something.
const FORGIVEN_IN_KEYWORDS: usize = 5;

type Lists = fn(&KeywordWords) -> &[Pattern];

/// What is left of a text: all of it; without courtesies; and also without asides such as "ok" or a number.
#[derive(Debug)]
pub struct Cores<'w> {
    all: &'w [Word],
    bare: &'w [Word],
    loose: &'w [Word],
}

impl<'w> Cores<'w> {
    /// Peels the words.
    pub fn of(words: &'w [Word], keywords: &Keywords) -> Self {
        let bare = peel(words, keywords, &[|l| &l.courtesies]);
        Self {
            all: words,
            bare,
            loose: peel(words, keywords, &[|l| &l.courtesies, |l| &l.asides]),
        }
    }

    /// The text with and without its courtesies, and no more taken away.
    pub fn strict(&self) -> [&'w [Word]; 2] {
        [self.all, self.bare]
    }

    /// Also without asides.
    pub fn generous(&self) -> [&'w [Word]; 3] {
        [self.all, self.bare, self.loose]
    }
}

/// The single word a text may be: its only word, or one that was torn apart ("st op").
pub fn only_word(core: &[Word], keywords: &Keywords) -> Vec<Vec<Word>> {
    match core {
        [word] => word
            .typed
            .iter()
            .flat_map(|typed| keywords.spelling.near(typed))
            .map(|near| vec![Word::exactly(near.word)])
            .collect(),
        [_, ..] if core.len() <= 3 => vec![vec![Word::exactly(
            &core
                .iter()
                .map(|word| word.typed[0].as_str())
                .collect::<String>(),
        )]],
        _ => Vec::new(),
    }
}

/// The keyword other than stop and loss that the text is, as written or with one slip.
pub fn intent(cores: &Cores, order: &[&KeywordWords], keywords: &Keywords) -> Option<Intent> {
    let kinds: [(Intent, Lists, usize); 3] = [
        (Intent::Help, |l| &l.help.words, 0),
        (Intent::Start, |l| &l.start.words, FORGIVEN_IN_KEYWORDS),
        (Intent::Update, |l| &l.update.words, FORGIVEN_IN_KEYWORDS),
    ];
    let cores_for = |intent| match intent {
        Intent::Help => cores.strict().to_vec(),
        _ => cores.generous().to_vec(),
    };
    let said = |words: &[Word], list: Lists| {
        order
            .iter()
            .any(|lexicon| lexicon.says_only(list(lexicon), words))
    };
    let exact = kinds
        .iter()
        .find(|(intent, list, _)| cores_for(*intent).iter().any(|core| said(core, *list)));
    let near = || {
        let meant = only_word(cores.bare, keywords);
        kinds.iter().find(|(_, list, least)| {
            meant
                .iter()
                .any(|word| letters(&word[0].typed[0]) >= *least && said(word, *list))
        })
    };
    exact.or_else(near).map(|(intent, ..)| *intent)
}

/// The programs whose start word the text is.
pub fn start(cores: &Cores, keywords: &Keywords) -> Vec<(String, String)> {
    let core = peel(
        cores.all,
        keywords,
        &[|l| &l.courtesies, |l| &l.asides, |l| &l.baby.beside],
    );
    let spoken = |start: &&Start, words: &[Word]| {
        start.parts.len() == words.len()
            && start
                .parts
                .iter()
                .zip(words)
                .all(|(part, word)| word.readings().any(|reading| reading == part))
    };
    let of = |words: &[Word]| -> Vec<(String, String)> {
        let mut found: Vec<_> = keywords
            .starts
            .iter()
            .filter(|start| !words.is_empty() && spoken(start, words))
            .map(|start| (start.word.program.clone(), start.word.language.clone()))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    [cores.all, core]
        .into_iter()
        .map(&of)
        .chain(only_word(core, keywords).iter().map(|word| of(word)))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The short answer that the text is.
pub fn answer(cores: &Cores, order: &[&KeywordWords], keywords: &Keywords) -> Option<Answer> {
    let kinds: [(Answer, Lists); 4] = [
        (Answer::Yes, |l| &l.answers.yes),
        (Answer::No, |l| &l.answers.no),
        (Answer::Skip, |l| &l.answers.skip),
        (Answer::LastPeriod, |l| &l.answers.last_period),
    ];
    // Her own language decides before any other is asked, and what she wrote before what she may have meant.
    let said = |words: &[Word]| {
        order.iter().find_map(|lexicon| {
            let said = kinds
                .iter()
                .find(|(_, list)| lexicon.says_only(list(lexicon), words));
            said.map(|(answer, _)| *answer)
        })
    };
    let number = || match cores.bare {
        [word] => word
            .number()
            .filter(|&n| n <= LARGEST_CHOICE)
            .map(Answer::Number),
        _ => None,
    };
    let near = || {
        let meant = only_word(cores.bare, keywords);
        meant
            .iter()
            .filter(|word| letters(&word[0].typed[0]) >= FORGIVEN_IN_KEYWORDS)
            .find_map(|word| said(word))
    };
    let exact = cores.generous().into_iter().find_map(said);
    exact.or_else(number).or_else(near)
}

/// Whether the text, as a whole, is one of these in any language.
pub fn says_only(words: &[Word], list: Lists, keywords: &Keywords) -> bool {
    keywords
        .lexicons()
        .any(|lexicon| lexicon.says_only(list(lexicon), words))
}

/// The words of a part of a text without its courtesies and asides.
pub fn core_of<'w>(words: &'w [Word], keywords: &Keywords) -> &'w [Word] {
    peel(words, keywords, &[|l| &l.courtesies, |l| &l.asides])
}

/// Takes away, from both ends and in any language, whatever these lists say, until nothing more comes off.
fn peel<'w>(mut words: &'w [Word], keywords: &Keywords, lists: &[Lists]) -> &'w [Word] {
    loop {
        let before = words.len();
        for lexicon in keywords.lexicons() {
            for pattern in lists.iter().flat_map(|list| list(lexicon)) {
                words = &words[pattern.leads(words, &lexicon.classes)..];
                words = &words[..words.len() - pattern.trails(words, &lexicon.classes)];
            }
        }
        if words.len() == before {
            return words;
        }
    }
}

/// Whether a message is nothing that can be answered.
pub fn is_junk(message: &Message, answer: Option<Answer>, intent: Option<Intent>) -> bool {
    message.too_long || message.only_signs && answer.is_none() && intent.is_none()
}
