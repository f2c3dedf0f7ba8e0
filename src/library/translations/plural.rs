//! Plural rules as translators' tools want them in the header of a file. Tips have no plurals, so nothing depends on
//! them here; but some tools ask for them before they open a file.

/// The `Plural-Forms` of a language, as gettext's manual and the tools give them; none for one that is not listed.
pub fn forms(language: &str) -> Option<&'static str> {
    Some(match language {
        "en" | "es" | "de" | "it" | "nl" | "sv" | "sw" | "el" | "hi" | "bn" | "ur" | "ht" | "so" => {
            "nplurals=2; plural=(n != 1);"
        }
        "fr" | "pt" | "am" | "tl" | "fa" => "nplurals=2; plural=(n > 1);",
        "ja" | "ko" | "vi" | "zh" | "th" | "id" | "ms" | "my" | "km" | "lo" => "nplurals=1; plural=0;",
        "ru" | "uk" | "be" => {
            "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
        }
        "pl" => "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        "ar" => {
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
        }
        _ => return None,
    })
}
