//! How columns are called, in English, Spanish and Russian.

use super::columns::Column;

impl Column {
    /// How it may be called, tidied: English, Spanish, Russian; the first of each is the template's.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Phone => &[
                "phone",
                "phone number",
                "mobile",
                "mobile number",
                "cell",
                "cell phone",
                "telephone",
                "msisdn",
                "teléfono",
                "telefono",
                "número de teléfono",
                "celular",
                "móvil",
                "movil",
                "телефон",
                "номер телефона",
                "мобильный",
                "мобильный телефон",
                "сотовый",
            ],
            Self::Language => &["language", "lang", "idioma", "lengua", "язык"],
            Self::Due => &[
                "due date",
                "due",
                "edd",
                "expected date of delivery",
                "fecha de parto",
                "fecha probable de parto",
                "fpp",
                "срок родов",
                "пдр",
                "дата родов",
                "предполагаемая дата родов",
            ],
            Self::Born => &[
                "birth date",
                "born",
                "baby birth date",
                "baby's birth date",
                "date of birth of the baby",
                "fecha de nacimiento",
                "fecha de nacimiento del bebé",
                "nacimiento",
                "день рождения",
                "дата рождения",
                "день рождения малыша",
                "дата рождения ребенка",
            ],
            Self::Place => &[
                "place",
                "zip",
                "zip code",
                "postcode",
                "postal code",
                "town",
                "city",
                "lugar",
                "código postal",
                "codigo postal",
                "ciudad",
                "место",
                "индекс",
                "почтовый индекс",
                "город",
            ],
            Self::Reader => {
                &["reader", "who reads", "who", "quién lee", "quien lee", "lectora", "кто читает", "кто"]
            }
            Self::Partner => {
                &["partner code", "clinic code", "código del socio", "codigo del socio", "код партнера"]
            }
            Self::AgreedOn => &[
                "consent date",
                "date of consent",
                "agreed on",
                "fecha del consentimiento",
                "fecha de consentimiento",
                "дата согласия",
            ],
            Self::AgreedHow => &[
                "consent how",
                "how consent was given",
                "how",
                "cómo",
                "como",
                "как",
                "consent",
                "consent given",
                "consented",
                "consent yes no",
                "consent y n",
                "agreed",
                "gave consent",
                "consent method",
                "consent type",
                "cómo dio su consentimiento",
                "como dio su consentimiento",
                "consentimiento",
                "consentimiento sí no",
                "consentimiento si no",
                "dio su consentimiento",
                "dio consentimiento",
                "aceptó",
                "acepto",
                "как получено согласие",
                "согласие",
                "согласие получено",
                "согласна",
                "есть согласие",
            ],
        }
    }

    /// Names that may mean something else: another of the column is taken before them.
    pub fn weak_names(self) -> &'static [&'static str] {
        match self {
            // Of the row, as often as not.
            Self::Phone => &["number", "número", "numero", "номер"],
            Self::Partner => &["code", "código", "codigo", "код"],
            _ => &[],
        }
    }

    /// Which column a heading names.
    pub fn called(heading: &str) -> Option<Self> {
        let tidied = tidy(heading);
        let names =
            |column: &&Self| [column.names(), column.weak_names()].concat().contains(&tidied.as_str());
        Self::ALL.iter().find(names).copied()
    }

    /// Whether a heading names it in a way that means nothing else.
    pub fn is_named_well(self, heading: &str) -> bool {
        self.names().contains(&tidy(heading).as_str())
    }
}

/// Whether a heading that is no column's speaks of consent: whoever wrote it means it to be read.
pub fn of_consent(heading: &str) -> bool {
    let tidied = tidy(heading);
    ["consent", "agreed", "согласи"].iter().any(|word| tidied.contains(word))
}

/// A heading as it is compared.
fn tidy(heading: &str) -> String {
    let plain: String = heading
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'ё' => 'е',
            '_' | '-' | ':' | '*' | '?' | '¿' | '(' | ')' | '/' | '.' | '"' | '\u{a0}' | '\u{feff}' => ' ',
            c => c,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
