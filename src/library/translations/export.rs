//! A program's words for translators.

use chrono::NaiveDate;

use super::plural;
use super::write::{self, Entry};
use crate::domain::plan::ReadBy;
use crate::library::exchange::{NothingToTranslate, Shelf, is_gsm_alphabet};
use crate::library::field::{Field, FlatTip};

/// A program's translation into a language. `today` is written as the day of the file.
pub fn po(
    shelf: &Shelf,
    program: &str,
    language: &str,
    today: NaiveDate,
) -> Result<String, NothingToTranslate> {
    let source = target(shelf, program, language)?;
    let entries = shelf.tips_of(program).into_iter().map(|tip| {
        let translation = tip.words.get(language).cloned().unwrap_or_default();
        let fuzzy = tip.stale().contains(&language) && !translation.is_empty();
        entry(tip, &source, &translation, fuzzy)
    });
    let mut all = vec![header(program, Some(language), today)];
    all.extend(entries);
    Ok(write::file(&all))
}

/// A program's words with room for a translation into any language.
pub fn pot(shelf: &Shelf, program: &str, today: NaiveDate) -> Result<String, NothingToTranslate> {
    let source = languages(shelf, program)?.first().cloned().unwrap_or_default();
    let mut all = vec![header(program, None, today)];
    all.extend(shelf.tips_of(program).into_iter().map(|tip| entry(tip, &source, "", false)));
    Ok(write::file(&all))
}

/// Makes sure that a program is translated into a language, and gives the one it is translated from.
pub fn target(shelf: &Shelf, program: &str, language: &str) -> Result<String, NothingToTranslate> {
    let languages = languages(shelf, program)?;
    let (program, language) = (program.to_owned(), language.to_owned());
    let Some((source, others)) = languages.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(NothingToTranslate::OneLanguage { program, language: languages.join(", ") });
    };
    if *source == language {
        return Err(NothingToTranslate::Source { program, language, others: others.join(", ") });
    }
    if !others.contains(&language) {
        return Err(NothingToTranslate::NotSpoken { program, language, others: others.join(", ") });
    }
    Ok(source.clone())
}

fn languages<'a>(shelf: &'a Shelf, program: &str) -> Result<&'a [String], NothingToTranslate> {
    let unknown = || NothingToTranslate::NoProgram(program.to_owned(), shelf.programs().join(", "));
    shelf.languages(program).ok_or_else(unknown)
}

fn header(program: &str, language: Option<&str>, today: NaiveDate) -> Entry {
    let time = format!("{today} 00:00+0000");
    let mut fields = vec![
        ("Project-Id-Version", format!("Motherline {program}")),
        ("Report-Msgid-Bugs-To", String::new()),
        ("POT-Creation-Date", time.clone()),
        ("PO-Revision-Date", if language.is_some() { time } else { "YEAR-MO-DA HO:MI+ZONE".to_owned() }),
        (
            "Last-Translator",
            if language.is_some() { "Motherline".to_owned() } else { "FULL NAME <EMAIL@ADDRESS>".to_owned() },
        ),
        ("Language-Team", language.unwrap_or("LANGUAGE <LL@li.org>").to_owned()),
        ("Language", language.unwrap_or_default().to_owned()),
        ("MIME-Version", "1.0".to_owned()),
        ("Content-Type", "text/plain; charset=UTF-8".to_owned()),
        ("Content-Transfer-Encoding", "8bit".to_owned()),
    ];
    if let Some(forms) = language.and_then(plural::forms) {
        fields.push(("Plural-Forms", forms.to_owned()));
    }
    let translation = fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let comments = vec![
        "Tips of Motherline, sent as SMS. Words in braces, such as {emergency}, are filled in: keep them."
            .to_owned(),
    ];
    Entry { comments, fuzzy: language.is_none(), translation, ..Entry::default() }
}

fn entry(tip: &FlatTip, source: &str, translation: &str, fuzzy: bool) -> Entry {
    let words = tip.words.get(source).cloned().unwrap_or_default();
    let place = [Field::Loss, Field::Week].map(|field| tip.value(field));
    let place = place.into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>().join(" ");
    let week = if tip.value(Field::Week).is_empty() { "" } else { "week " };
    let mut comments = vec![
        format!("{}: {} {week}{place}", tip.value(Field::Topic), tip.value(Field::Track))
            .trim_end()
            .to_owned(),
        format!("Right only if true: {}", tip.value(Field::Needs)),
    ];
    if tip.value(Field::Reader) == ReadBy::Family.name() {
        comments.push("For those who care for the mother: it speaks of her".to_owned());
    }
    if !tip.value(Field::Of).is_empty() {
        comments.push(format!("The second text of {}, for who answers MORE to it", tip.value(Field::Of)));
    }
    comments.push(
        // A translation is thought of as dear as its source until there is one.
        limit(if translation.is_empty() { &words } else { translation }).to_owned(),
    );
    let url = tip.value(Field::Url);
    if !url.is_empty() {
        comments.push(format!("Source: {url}"));
    }
    // A comment is one line, whatever a field holds.
    let comments = comments.into_iter().map(|comment| comment.replace('\n', " ")).collect();
    let reference = format!("{}:{}", tip.spot.file, tip.spot.line);
    let context = Some(tip.id.clone());
    Entry { comments, reference, fuzzy, context, source: words, translation: translation.to_owned() }
}

fn limit(words: &str) -> &'static str {
    if is_gsm_alphabet(words) {
        "Length: at most 160 GSM-7 characters; any of á í ó ú, curly quotes or long dashes makes it 70"
    } else {
        "Length: 70 characters are one SMS, 134 two, 201 three; never more"
    }
}
