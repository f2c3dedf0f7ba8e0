//! Why a file that was brought in cannot be read at all: what is wrong, where, and what to do. Said here in English, as the
//! command line prints it.

/// A file that was brought in cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// It is too large.
    #[error("{} is larger than {megabytes} MB: a library is far smaller. Nothing was read",
            .name.as_deref().unwrap_or("the file"))]
    Large {
        /// Its name, where that is told.
        name: Option<String>,
        /// So large it may be.
        megabytes: usize,
    },
    /// Unpacked, it is too large.
    #[error("unpacked, the file is larger than {0} MB. Nothing was read")]
    LargeUnpacked(u64),
    /// It has too much in it.
    #[error("the file has more than {0}. Nothing was read: take the rest out, or bring it in parts")]
    TooMuch(TooMuch),
    /// An old workbook, or one with a password.
    #[error("this is a file of an old Excel, or one with a password: save it as .xlsx without a password")]
    OldWorkbook,
    /// No workbook.
    #[error("this is no .xlsx file, or its beginning is lost: export it again, or save it as .xlsx")]
    NoWorkbook,
    /// A workbook that cannot be unpacked or read, in the words of what tried.
    #[error("the file is damaged or only half there ({0}): export or save it again")]
    Broken(String),
    /// A sheet of a workbook that cannot be read, in the words of what tried.
    #[error("the file is damaged or only half there (sheet {sheet}: {how}): export or save it again")]
    BrokenSheet {
        /// Which.
        sheet: String,
        /// What is wrong, in another's words.
        how: String,
    },
    /// A workbook that says of itself what cannot be.
    #[error(
        "the file is damaged or only half there (it says of itself that it has more texts than it can have): \
             export or save it again"
    )]
    Boastful,
    /// A workbook where values are awaited.
    #[error("this is a workbook, not a CSV file: import it with --xlsx")]
    Workbook,
    /// Half a file in UTF-16.
    #[error("the file is UTF-16 and only half there: export or save it again")]
    HalfUtf16,
    /// Zeros between the letters.
    #[error("the file has zero bytes in it: save it as \"CSV UTF-8\"")]
    Zeros,
    /// A code page.
    #[error(
        "line {line}, after {after:?}: this is not UTF-8. The file was saved in a code page such as Windows-1251 \
             or Windows-1252, in which letters mean different things on different machines: save it as \"CSV UTF-8\""
    )]
    CodePage {
        /// In which line it shows.
        line: usize,
        /// What stands before it.
        after: String,
    },
    /// Values that cannot be told apart, in the words of what tried.
    #[error("{0}")]
    Values(String),
    /// A quotation mark is missing.
    #[error(
        "{name}: a quotation mark is opened and never closed, perhaps in the row that begins at line {line}: the \
             file is only half there, or a mark is missing. Export or save it again"
    )]
    OpenQuote {
        /// The file.
        name: String,
        /// Where the last row begins.
        line: u64,
    },
    /// The last row is cut.
    #[error(
        "{name}: the last row, which begins at line {line}, ends early: the file is only half there. Export or \
             save it again"
    )]
    EndsEarly {
        /// The file.
        name: String,
        /// Where the row begins.
        line: u64,
    },
    /// No sheet of that name.
    #[error("the file has no sheet named {}, so there is nothing to read", .0.join(" or "))]
    NoSheet(Vec<String>),
    /// No such program.
    #[error("there is no program {program:?}; there are: {}", .known.join(", "))]
    NoProgram {
        /// What was asked for.
        program: String,
        /// The programs that there are.
        known: Vec<String>,
    },
    /// UTF-8 that was taken for a code page.
    #[error(
        "{0}: a program has opened the file with the wrong letters, so that ñ or й became two signs: open the \
             CSV file again, choose UTF-8 (or 65001) as its character set, and do your work there"
    )]
    Misread(String),
    /// No names above the columns.
    #[error(
        "{0}: none of the first rows names a column \"id\": the names of the columns must stand above the tips"
    )]
    Headless(String),
    /// The names of columns are cells made one.
    #[error("{0} are merged cells in the row of the column names: take the merging away")]
    MergedNames(String),
    /// A column is there twice.
    #[error("{place}: the column {column:?} is there twice, first as {first}: take one away")]
    ColumnTwice {
        /// Where the second is.
        place: String,
        /// Its name.
        column: String,
        /// The first, as a letter.
        first: String,
    },
    /// A translator's file.
    #[error("{place}: {wrong}")]
    Translation {
        /// The file and the line.
        place: String,
        /// What is wrong there.
        wrong: WrongLine,
    },
}

/// Of what a file has too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Rows.
    #[error("{0} rows")]
    Rows(usize),
    /// Cells.
    #[error("{0} cells")]
    Cells(usize),
    /// Forms of cells, names of ranges, sheets or links.
    #[error("{0} formats, names, links or sheets")]
    Forms(usize),
    /// Text.
    #[error("{0} MB of text in its cells")]
    Megabytes(usize),
}

/// What is wrong with a translator's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongLine {
    /// Words that belong to nothing.
    #[error("a text without msgid or msgstr before it")]
    Stray,
    /// A plural.
    #[error("a plural: tips have none. Take the entry out")]
    Plural,
    /// A word that PO files do not have.
    #[error("{0:?} is no word of a PO file: is a quotation mark missing?")]
    NoKeyword(String),
    /// A translation of nothing.
    #[error("a msgstr without a msgid before it")]
    OfNothing,
    /// Two translations.
    #[error("a second msgstr for one msgid")]
    SecondTranslation,
    /// No translation.
    #[error("an entry without a msgstr")]
    NoTranslation,
    /// It does not begin with a quotation mark.
    #[error("a text without a quotation mark at its beginning")]
    Unopened,
    /// It does not end with one.
    #[error("a text without a quotation mark at its end: is the line cut off?")]
    Unclosed,
    /// Something stands behind it.
    #[error("something stands behind the closing quotation mark: write \\\" for one in the text")]
    Behind,
    /// A backslash before a sign that means nothing with it.
    #[error("\\{0} means nothing here: write \\\\ for a backslash")]
    Escape(char),
    /// The last line is cut, perhaps.
    #[error("the last line has no end: the file may be only half there. If it is whole, add a line end")]
    Unended,
    /// The last entry is cut.
    #[error("the file ends in the middle of an entry: it is only half there. Export or save it again")]
    Half,
    /// There is no header.
    #[error("the file has no header (an entry with an empty msgid), so nobody knows its language")]
    NoHeader,
    /// Its header names a code page.
    #[error("its header says charset={0}: save it as UTF-8, in Poedit under its properties")]
    Charset(String),
    /// It is UTF-16.
    #[error("the file is UTF-16: save it as UTF-8")]
    Utf16,
    /// It is no UTF-8; what its header says that it is.
    #[error("the letters here are not UTF-8{}: save the file as UTF-8", says(.0.as_deref()))]
    NoUtf8(Option<String>),
    /// Its header names no language.
    #[error("its header names no language: write, for example, \"Language: es\\n\"")]
    NoLanguage,
    /// There is nothing to translate into that language.
    #[error(transparent)]
    Nothing(#[from] NothingToTranslate),
}

/// A program cannot be given to translators.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingToTranslate {
    /// There is no such program.
    #[error("there is no program {0:?}; there are: {1}")]
    NoProgram(String, String),
    /// It has one language.
    #[error(
        "{program} speaks one language alone ({language}), so there is nothing to translate. To translate it into \
             another one, add that to its languages first, or take a template: --pot FILE"
    )]
    OneLanguage {
        /// The program.
        program: String,
        /// Its language.
        language: String,
    },
    /// It does not speak that language.
    #[error("{program} does not speak {language:?}; it is translated into: {others}")]
    NotSpoken {
        /// The program.
        program: String,
        /// What was asked for.
        language: String,
        /// What it is translated into.
        others: String,
    },
    /// The language is the one that is translated from.
    #[error("{language} is the language from which {program} is translated; it is translated into: {others}")]
    Source {
        /// The program.
        program: String,
        /// What was asked for.
        language: String,
        /// What it is translated into.
        others: String,
    },
}

fn says(charset: Option<&str>) -> String {
    charset.map_or_else(String::new, |charset| format!(" (its header says charset={charset})"))
}
