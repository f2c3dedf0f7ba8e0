//! What the fields of a tip and their values are called, so that nobody needs to know the words of the files.

use crate::library::{Field, FlatTip};
use crate::web::console::tongue::{Tongue, fill, words};

words! {
    /// Names of fields and values.
    pub Words {
        starter: "Starter texts", "Primeros mensajes", "Первые сообщения";
        pregnancy: "Pregnancy", "Embarazo", "Беременность";
        baby: "Baby’s first year", "Primer año del bebé", "Первый год ребёнка";
        farewell: "Farewell", "Despedida", "Прощание";
        loss: "After a loss", "Después de una pérdida", "После потери";
        more: "Second texts", "Segundos mensajes", "Вторые сообщения";
        family: "For her family", "Para su familia", "Для близких";
        miscarriage: "after a miscarriage", "después de un aborto espontáneo", "после выкидыша";
        stillbirth: "after a stillbirth", "después de una muerte fetal", "после мертворождения";
        loss_of_baby: "after the death of a baby", "después de la muerte de un bebé", "после смерти ребёнка";
        week: "Week {n}", "Semana {n}", "Неделя {n}";
        text: "Text {n}", "Mensaje {n}", "Сообщение {n}";
        which: "no. {n}", "n.º {n}", "№ {n}";
        to_tip: "to {tip}", "a {tip}", "к {tip}";
        track: "Where it belongs", "Dónde va", "Раздел";
        field_week: "Week", "Semana", "Неделя";
        slot: "Number in the week or series", "Número en la semana o serie", "Номер в неделе или серии";
        of: "Second text of", "Segundo mensaje de", "Второе сообщение к";
        which_loss: "Which loss", "Qué pérdida", "Какая потеря";
        topic: "Topic", "Tema", "Тема";
        needs: "When it is sent", "Cuándo se envía", "Когда отправляется";
        reader: "For whom", "Para quién", "Для кого";
        priority: "How important", "Qué importancia tiene", "Насколько важно";
        stale: "Left behind", "Atrasado", "Отстало";
        organization: "Source: who says so", "Fuente: quién lo dice", "Источник: организация";
        source_title: "Source: title", "Fuente: título", "Источник: название";
        url: "Source: web address", "Fuente: dirección web", "Источник: адрес в интернете";
        year: "Source: year", "Fuente: año", "Источник: год";
        state: "Signature", "Firma", "Подпись";
        reviewer: "Reviewer", "Revisor", "Кто проверил";
        reviewed_on: "Reviewed on", "Revisado el", "Дата проверки";
        expires_on: "Counts until", "Vale hasta", "Действует до";
        needs_pregnancy: "she is pregnant (until week 37)", "está embarazada (hasta la semana 37)", "она беременна (до 37-й недели)";
        needs_baby: "a birth was confirmed", "se confirmó el nacimiento", "рождение подтверждено";
        needs_either: "always: right whether or not the baby has come", "siempre: vale haya nacido el bebé o no", "всегда: верно и до родов, и после";
        needs_mother: "always: about her alone", "siempre: trata solo de ella", "всегда: только о ней самой";
        needs_neutral: "always: true for anyone", "siempre: vale para cualquiera", "всегда: верно для любого человека";
        reader_mother: "the mother", "la madre", "мама";
        reader_family: "her family, never herself", "su familia, nunca ella", "её близкие, но не она сама";
        reader_anyone: "the mother and who cares for her", "la madre y quien la cuida", "мама и те, кто рядом";
        vital: "1, vital", "1, vital", "1, жизненно важно";
        important: "2, important", "2, importante", "2, важно";
        nice: "3, nice to know", "3, conviene saberlo", "3, полезно знать";
    }
}

impl Words {
    /// What a field is called.
    pub fn field(&self, field: Field) -> &'static str {
        match field {
            Field::Track => self.track,
            Field::Loss => self.which_loss,
            Field::Of => self.of,
            Field::Week => self.field_week,
            Field::Slot => self.slot,
            Field::Topic => self.topic,
            Field::Needs => self.needs,
            Field::Reader => self.reader,
            Field::Priority => self.priority,
            Field::Stale => self.stale,
            Field::Organization => self.organization,
            Field::Title => self.source_title,
            Field::Url => self.url,
            Field::Year => self.year,
            Field::State => self.state,
            Field::Reviewer => self.reviewer,
            Field::ReviewedOn => self.reviewed_on,
            Field::ExpiresOn => self.expires_on,
        }
    }

    /// What the values of a field are called, in order; empty where anything may stand.
    pub fn values(&self, field: Field) -> Vec<(&'static str, &'static str)> {
        match field {
            Field::Track => vec![
                ("starter", self.starter),
                ("pregnancy", self.pregnancy),
                ("baby", self.baby),
                ("farewell", self.farewell),
                ("loss", self.loss),
                ("more", self.more),
            ],
            Field::Loss => vec![
                ("miscarriage", self.miscarriage),
                ("stillbirth", self.stillbirth),
                ("baby", self.loss_of_baby),
            ],
            Field::Needs => vec![
                ("pregnancy", self.needs_pregnancy),
                ("baby", self.needs_baby),
                ("either", self.needs_either),
                ("mother", self.needs_mother),
                ("neutral", self.needs_neutral),
            ],
            Field::Reader => vec![
                ("mother", self.reader_mother),
                ("family", self.reader_family),
                ("anyone", self.reader_anyone),
            ],
            Field::Priority => vec![("1", self.vital), ("2", self.important), ("3", self.nice)],
            _ => Vec::new(),
        }
    }

    /// A field's value as people read it.
    pub fn value(&self, field: Field, value: &str) -> String {
        let known = self.values(field).into_iter().find(|(name, _)| *name == value);
        known.map_or(value, |(_, called)| called).to_owned()
    }

    /// Where a tip stands, in words: "Pregnancy, week 20, no. 2".
    pub fn place(&self, tip: &FlatTip) -> String {
        let track = tip.value(Field::Track);
        let mut place = self.value(Field::Track, track);
        if tip.value(Field::Reader) == "family" {
            place = format!("{place} ({})", self.reader_family);
        }
        let (week, slot) = (tip.value(Field::Week), tip.value(Field::Slot));
        let which = fill(self.which, &[("n", slot)]);
        let more = match track {
            "pregnancy" | "baby" => format!("{}, {which}", fill(self.week, &[("n", week)]).to_lowercase()),
            "loss" => format!("{}, {which}", self.value(Field::Loss, tip.value(Field::Loss))),
            "more" => fill(self.to_tip, &[("tip", tip.value(Field::Of))]),
            "farewell" => return place,
            _ => which,
        };
        format!("{place}, {more}")
    }
}

/// The tabs of a program: a name in addresses and what it is called.
pub fn tracks(tongue: Tongue) -> Vec<(&'static str, &'static str)> {
    let words = Words::of(tongue);
    let mut tracks = words.values(Field::Track);
    tracks.push(("family", words.family));
    tracks
}
