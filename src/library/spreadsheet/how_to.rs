//! The sheet that explains the others to whoever opens the file.

/// Its name. It is never read back.
pub const SHEET: &str = "How to";

/// Its lines: what, and what it means.
pub const LINES: &[(&str, &str)] = &[
    ("What this is", "All tips of Motherline, one sheet for each program, one row for each tip."),
    (
        "Change a tip",
        "Write in its row. Save the file as .xlsx or as \"CSV UTF-8\". Then give it to whoever runs the \
                      import, or run it yourself: motherline library import --xlsx FILE. It first only tells what \
                      would change, row by row; with --write it changes the library.",
    ),
    (
        "Add a tip",
        "Write it in a new row at the end, with a new id: small letters, digits and hyphens. Fill all white \
                   columns that its track needs.",
    ),
    ("Take a tip away", "Not here: a row that is missing changes nothing. Take it out of its file."),
    (
        "Rows and columns",
        "You may sort, filter, hide and move them. A column that you delete means: leave it as it \
                          is. Do not change the names in the first row, nor the name of a sheet.",
    ),
    ("id", "The name of the tip for ever. Never change it, and never use it twice."),
    (
        "track, loss, of, week, slot",
        "Where the tip stands: starter, pregnancy, baby, farewell, loss or more. Pregnancy and baby \
                                 have weeks. In loss, say which: miscarriage, stillbirth or baby. The slot is the \
                                 first, second, third tip of its week. In more stand second texts, for who answers \
                                 MORE: of is the id of the tip it belongs to, and it has no slot.",
    ),
    (
        "reader",
        "Whom the words are for: mother, family (a partner, a grandparent, a health worker) or anyone. Left empty, \
         the tip is for the mother.",
    ),
    ("topic", "What it is about, in a word or two: prenatal visits, danger signs, food."),
    ("needs", "What must be true for the words to be right: pregnancy, baby, either, mother or neutral."),
    ("priority", "1 vital, 2 important, 3 nice to know."),
    (
        "text …",
        "The words, one column for each language. Words in braces, such as {emergency}, are filled in by the \
                service: leave them as they are.",
    ),
    ("SMS …", "How many SMS the words took when this file was made. For reading only."),
    (
        "state, reviewer, reviewed_on, expires_on",
        "draft, or approved with the reviewer's name and both dates. Words \
                that are changed make the tip a draft again, because nobody has reviewed them yet: bring the words in \
                first, export again, and sign then. Write dates as 2026-11-28.",
    ),
    (
        "stale",
        "Languages whose words were translated from other words than those that stand there now. When you have \
               looked a translation over, take its code out.",
    ),
    ("source …", "Who says so, on which page, where that is, and as of which year."),
    (
        "fingerprint",
        "How the import sees whether somebody else changed the tip since this file was made. Leave it as \
                     it is; in a new row leave it empty.",
    ),
    ("Not taken over", "Formulas and merged cells. Each is named with its place."),
];
