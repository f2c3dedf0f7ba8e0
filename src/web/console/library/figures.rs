//! How a tip did, beside the average of its track, and whether there are enough texts to tell.

use std::collections::BTreeSet;

use crate::flows::authoring::Desk;
use crate::library::Field;
use crate::library::desk::Leaf;
use crate::store::figures::{self, Figures};
use crate::web::Site;
use crate::web::console::refusal::Refusal;
use crate::web::console::tongue::{Tongue, words};

/// Of fewer texts no share says anything.
pub const TOO_FEW: i64 = 300;

words! {
    /// What is said of figures.
    pub Words {
        title: "How it did", "Cómo resultó", "Как он сработал";
        hint: "Texts are counted three days after they were sent. Replies and STOP count if they came within a day of it.", "Los mensajes se cuentan tres días después de enviarse. Las respuestas y las bajas cuentan si llegaron en el plazo de un día.", "Сообщения считаются через три дня после отправки. Ответы и отписки учитываются, если пришли в течение суток.";
        edition: "Edition", "Edición", "Издание";
        all: "All editions", "Todas las ediciones", "Все издания";
        average: "Average of its part of the program", "Promedio de su parte del programa", "В среднем по разделу";
        sent: "Sent", "Enviados", "Отправлено";
        delivered: "Delivered", "Entregados", "Доставлено";
        replied: "She wrote back", "Ella respondió", "Ответила";
        ended: "She stopped", "Se dio de baja", "Отписалась";
        few: "too few to tell", "muy pocos para saber", "слишком мало данных";
        few_hint: "“Too few to tell” stands where fewer than {n} texts were sent.", "«Muy pocos para saber» aparece cuando se enviaron menos de {n} mensajes.", "«Слишком мало данных» стоит там, где отправлено меньше {n} сообщений.";
        none: "It has not been sent yet, or was sent less than three days ago.", "Todavía no se ha enviado, o hace menos de tres días.", "Он ещё не отправлялся или отправлен меньше трёх дней назад.";
    }
}

/// A line of figures.
pub struct Line {
    /// Of what.
    pub name: String,
    /// How many were sent.
    pub sent: String,
    /// The share that arrived.
    pub delivered: String,
    /// The share answered.
    pub replied: String,
    /// The share after which she stopped.
    pub ended: String,
}

/// A tip's figures: by edition, together, and the average of its track.
pub async fn lines(site: &Site, tongue: Tongue, desk: &Desk, leaf: &Leaf) -> Result<Vec<Line>, Refusal> {
    let words = Words::of(tongue);
    let mut tx = site.service.database.read().await?;
    let editions = figures::by_edition(&mut tx, &leaf.program, &leaf.tip).await?;
    if editions.is_empty() {
        return Ok(Vec::new());
    }
    let tips = desk.table.shelf.tips_of(&leaf.program);
    let alike = tips.iter().filter(|tip| tip.value(Field::Track) == leaf.value(Field::Track));
    let alike: BTreeSet<&str> = alike.map(|tip| tip.id.as_str()).collect();
    let mut average = Figures::default();
    for other in figures::by_tip(&mut tx, &leaf.program).await? {
        if alike.contains(other.tip.as_str()) {
            add(&mut average, &other.figures);
        }
    }
    let mut all = Figures::default();
    let mut lines = Vec::new();
    for one in &editions {
        add(&mut all, &one.figures);
        let name = match one.edition {
            0 => "?".to_owned(),
            number => format!("{} {}", words.edition, tongue.number(number)),
        };
        lines.push(line(tongue, name, &one.figures));
    }
    if editions.len() > 1 {
        lines.push(line(tongue, words.all.to_owned(), &all));
    }
    lines.push(line(tongue, words.average.to_owned(), &average));
    Ok(lines)
}

fn add(sum: &mut Figures, more: &Figures) {
    sum.sent += more.sent;
    sum.delivered += more.delivered;
    sum.replied += more.replied;
    sum.ended += more.ended;
    sum.segments += more.segments;
}

fn line(tongue: Tongue, name: String, figures: &Figures) -> Line {
    let share = |part: i64| match figures.sent {
        sent if sent < TOO_FEW => {
            format!("{} ({})", tongue.number(part), Words::of(tongue).few)
        }
        sent => format!("{} ({})", tongue.percent(part as f64 / sent as f64), tongue.number(part)),
    };
    Line {
        name,
        sent: tongue.number(figures.sent),
        delivered: share(figures.delivered),
        replied: share(figures.replied),
        ended: share(figures.ended),
    }
}
