//! `motherline inbox`: what mothers wrote that a person must read, and answers to it.

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use uuid::Uuid;

use super::operator::{ago, database, moment, said, service, told, travels, typed};
use super::{Common, Done, clock};
use crate::flows::Service;
use crate::flows::answering::{self, Entry, FIGURES, Fate, Prepared, Refused, Who};
use crate::flows::auditing::Actor;
use crate::store::Database;
use crate::store::helps::{Item, Listed};

/// More items are not listed: the last ones would not be read today.
const MOST: i64 = 500;

/// Lists what waits, the most urgent first.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inbox {
    #[command(subcommand)]
    command: Option<InboxCommand>,
    /// Show what is no longer open instead
    #[arg(long, value_enum, value_name = "STATE")]
    state: Option<State>,
    /// Show phone numbers as well
    #[arg(long)]
    numbers: bool,
    /// One JSON object an item
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    Open,
    Answered,
    Closed,
}

#[derive(Subcommand)]
enum InboxCommand {
    /// Print the whole exchange of an item
    Show(Show),
    /// Answer her: one text, at once; the item is then answered
    Answer(Answer),
    /// End an item without an answer
    Close(Close),
}

#[derive(Args)]
struct Show {
    /// The item's id, or its last 6 figures or more
    id: String,
    /// Show her phone number as well
    #[arg(long)]
    numbers: bool,
}

#[derive(Args)]
struct Answer {
    /// The item's id, or its last 6 figures or more
    id: String,
    /// Who answers; it is kept
    #[arg(long, value_name = "NAME", value_parser = told)]
    by: String,
    /// What to say, as she is to read it
    #[arg(long, value_name = "WORDS", value_parser = said)]
    say: String,
    /// Do not ask whether to send it
    #[arg(long)]
    yes: bool,
    /// Only if she has not written since: when she wrote last, as `inbox show` says it
    #[arg(long, value_name = "MOMENT")]
    seen: Option<DateTime<Utc>>,
}

#[derive(Args)]
struct Close {
    /// The item's id, or its last 6 figures or more
    id: String,
    /// Who closes it; it is kept
    #[arg(long, value_name = "NAME", value_parser = told)]
    by: String,
    /// Do not show it and ask: close it if she has not written since. When she wrote last, as `inbox show` says it
    #[arg(long, value_name = "MOMENT")]
    seen: Option<DateTime<Utc>>,
}

impl Inbox {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        match &self.command {
            None => self.list(&database(common).await?).await,
            Some(InboxCommand::Show(show)) => show.run(&database(common).await?).await,
            Some(InboxCommand::Answer(answer)) => answer.run(&service(common).await?).await,
            Some(InboxCommand::Close(close)) => close.run(&service(common).await?).await,
        }
    }

    async fn list(&self, database: &Database) -> Done {
        let fate = match self.state {
            None | Some(State::Open) => Fate::Open,
            Some(State::Answered) => Fate::Answered,
            Some(State::Closed) => Fate::Closed,
        };
        let items = answering::list(database, fate, MOST).await?;
        for listed in &items {
            if self.json {
                say!("{}", self.object(listed));
            } else {
                self.line(listed)?;
            }
        }
        if self.json {
            return Ok(ExitCode::SUCCESS);
        }
        match (fate, items.len()) {
            (Fate::Open, 0) => say!("Nobody waits for a person."),
            (_, 0) => say!("Nothing was {}.", fate.name()),
            (Fate::Open, _) => {
                say!("\nRead one:  motherline inbox show ID");
                say!("Answer it: motherline inbox answer ID --by NAME --say \"WORDS\"");
            }
            _ => {}
        }
        Ok(ExitCode::SUCCESS)
    }

    fn line(&self, listed: &Listed) -> std::io::Result<()> {
        let item = &listed.item;
        let since = match (item.state.as_str(), &item.closed_by) {
            ("open", _) | (_, None) => format!("waits {}", ago(item.opened_at, clock().now())),
            (state, Some(by)) => format!("{state} by {by}"),
        };
        let number = listed.phone.as_deref().filter(|_| self.numbers);
        let number = number.map(|number| format!("  {number}")).unwrap_or_default();
        say!(
            "{}  {:<24} {since:<16} {}  {}  {}{number}",
            short(item.id),
            urgency(item),
            item.language,
            item.program,
            item.stage
        );
        say!("        {}", listed.words.as_deref().unwrap_or_default().replace('\n', "\n        "));
        if listed.texts > 1 {
            say!("        (of {} texts)", listed.texts);
        }
        Ok(())
    }

    fn object(&self, listed: &Listed) -> Value {
        let item = &listed.item;
        let mut object = json!({
            "id": item.id,
            "state": item.state,
            "urgency": item.urgency,
            "sign": item.sign,
            "opened_at": item.opened_at,
            "wrote_at": item.last_at,
            "waits_seconds": (clock().now() - item.opened_at).num_seconds().max(0),
            "language": item.language,
            "program": item.program,
            "stage": item.stage,
            "words": listed.words,
            "texts": listed.texts,
            "ended_by": item.closed_by,
        });
        if self.numbers {
            object["number"] = json!(listed.phone);
        }
        object
    }
}

/// The last figures of an id, by which a person names it.
fn short(id: Uuid) -> String {
    let figures = id.simple().to_string();
    figures[figures.len() - FIGURES..].to_owned()
}

/// How urgent an item is, in words.
pub(super) fn urgency(item: &Item) -> String {
    match (item.urgency, &item.sign) {
        (0, Some(sign)) => format!("DANGER {sign}"),
        (0, None) => "DANGER".to_owned(),
        (1, _) => "after a loss".to_owned(),
        (2, _) => "a question".to_owned(),
        _ => "a stranger".to_owned(),
    }
}

impl Show {
    async fn run(&self, database: &Database) -> Done {
        let item = answering::find(database, &self.id).await?;
        say!("{}  {}  {}  {}  {}", item.id, urgency(&item), item.language, item.program, item.stage);
        if self.numbers
            && let Some(number) = answering::number(database, &item).await?
        {
            say!("{number}");
        }
        exchange(database, &item).await?;
        match &item.closed_by {
            Some(by) => say!("\nIt was {} by {by}.", item.state),
            None => {
                say!("\nIt is open since {}. She wrote last:", moment(item.opened_at));
                say!("    --seen {}", item.last_at.to_rfc3339_opts(SecondsFormat::Micros, true));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn exchange(database: &Database, item: &Item) -> Result<(), Box<dyn std::error::Error>> {
    for entry in answering::exchange(database, item).await? {
        shown(&entry)?;
    }
    Ok(())
}

fn shown(entry: &Entry) -> std::io::Result<()> {
    let who = match &entry.who {
        Who::Her => "she".to_owned(),
        Who::Service => "the service".to_owned(),
        Who::Person(name) => name.clone(),
    };
    let fate = entry.fate.as_ref().map(|(state, reason)| match reason {
        Some(reason) => format!("  [{}: {reason}]", state.name()),
        None => format!("  [{}]", state.name()),
    });
    let sign = entry.sign.as_ref().map(|sign| format!("  DANGER {sign}"));
    say!("\n{}  {who}{}{}", moment(entry.at), sign.unwrap_or_default(), fate.unwrap_or_default());
    say!("    {}", entry.body.replace('\n', "\n    "));
    Ok(())
}

impl Answer {
    async fn run(&self, service: &Service) -> Done {
        let item = answering::find(&service.database, &self.id).await?;
        let prepared = answering::prepare(service, &item, &self.say).await?;
        if self.seen.is_some_and(|seen| seen != prepared.item.last_at) {
            return Err(Refused::WroteAgain.into());
        }
        tell(&prepared)?;
        if !self.yes && !confirmed("send it; anything else sends nothing")? {
            say!("Nothing was sent.");
            return Ok(ExitCode::FAILURE);
        }
        answering::answer(service, &prepared, &Actor::named(&self.by)).await?;
        say!("It is queued, and goes at once; {} is answered.", short(item.id));
        Ok(ExitCode::SUCCESS)
    }
}

fn confirmed(what: &str) -> std::io::Result<bool> {
    say!("\nType yes to {what}.");
    Ok(typed()?.eq_ignore_ascii_case("yes"))
}

fn tell(prepared: &Prepared) -> std::io::Result<()> {
    say!("She wrote last ({}):", moment(prepared.to.at));
    say!("    {}", prepared.to.body.replace('\n', "\n    "));
    say!("Answer ({}):", travels(&prepared.shown));
    say!("    {}", prepared.shown.body.replace('\n', "\n    "));
    if let Some(kept) = &prepared.kept {
        say!("Others may read her phone. When she is alone and answers 1, she reads:");
        say!("    {}", kept.replace('\n', "\n    "));
    }
    Ok(())
}

impl Close {
    async fn run(&self, service: &Service) -> Done {
        let item = answering::find(&service.database, &self.id).await?;
        let read_up_to = match self.seen {
            Some(seen) => seen,
            None if item.closed_by.is_some() => item.last_at,
            None => {
                // What nobody has read is not closed: it is shown, and what comes after it keeps it open.
                exchange(&service.database, &item).await?;
                if !confirmed("close it; anything else leaves it as it is")? {
                    say!("Nothing was done.");
                    return Ok(ExitCode::FAILURE);
                }
                item.last_at
            }
        };
        answering::close(service, (item.id, read_up_to), (None, ""), &Actor::named(&self.by)).await?;
        say!("{} is closed; she was sent nothing.", short(item.id));
        Ok(ExitCode::SUCCESS)
    }
}
