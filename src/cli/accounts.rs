//! `motherline operator`: who works at the console. The first one is let in here, the others by invitation there.

use std::io::Read as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Subcommand};

use super::operator::{database, moment, told};
use super::{Common, Done, clock};
use crate::domain::role::{Grant, Role};
use crate::flows::accounts::{self, Invitation, Refused};
use crate::flows::auditing::Actor;
use crate::flows::senders::Senders;
use crate::flows::{Bells, Service, Shelf, publishing};
use crate::ids::Ids;
use crate::store::accounts as store;
use crate::telemetry::Metrics;

use std::sync::Arc;

/// Who did what is done here.
const COMMAND_LINE: &str = "command line";

/// The commands.
#[derive(Subcommand)]
pub enum Operator {
    /// Let somebody in: prints a link, good for three days, where they choose a password
    Add(Add),
    /// Give somebody a new link: for who forgot the password or lost the phone with the codes. The old password is void
    /// at once
    Link(Link),
    /// Print who there is, and what each may do
    List,
}

/// Who is let in.
#[derive(Args)]
pub struct Add {
    /// Their e-mail address, by which they sign in
    email: String,
    /// Their name, as it stands beside what they do
    #[arg(long, value_parser = told)]
    name: String,
    /// What they may do: viewer, operator, helpdesk, author, reviewer, administrator (and all that an operator does); one
    /// or several, separated by commas; ROLE:PROGRAM for one program alone
    #[arg(long, value_delimiter = ',', value_parser = grant, default_value = "administrator")]
    role: Vec<Grant>,
    /// The console's language for them: en, es or ru
    #[arg(long, default_value = "en", value_parser = ["en", "es", "ru"])]
    language: String,
    /// The time zone in which they are shown times, such as America/Chicago; else that of the first program
    /// that speaks their language
    #[arg(long)]
    zone: Option<Tz>,
    /// Read their password from standard input, in place of a link
    #[arg(long)]
    password_stdin: bool,
}

/// Who is given a link.
#[derive(Args)]
pub struct Link {
    /// Their e-mail address
    email: String,
}

impl Operator {
    /// Does it.
    pub async fn run(&self, common: &Common) -> Done {
        match self {
            Self::Add(add) => add.run(common).await,
            Self::Link(link) => link.run(common).await,
            Self::List => list(common).await,
        }
    }
}

impl Add {
    async fn run(&self, common: &Common) -> Done {
        let service = service(common).await?;
        let edition = service.shelf.edition();
        let programs = || edition.library.programs.values();
        let unknown = |grant: &&Grant| match &grant.program {
            Some(program) => programs().next().is_some() && edition.library.program(program).is_none(),
            None => false,
        };
        if let Some(program) = self.role.iter().find(unknown).and_then(|grant| grant.program.as_deref()) {
            let known: Vec<&str> = edition.library.programs.keys().map(String::as_str).collect();
            return Err(format!("{program:?} is no program; there are {}", known.join(", ")).into());
        }
        let own =
            programs().find(|program| program.languages.iter().any(|one| one.as_str() == self.language));
        let home = own.or(programs().next()).map(|program| program.home_zone);
        let zone = self.zone.or(home).unwrap_or(Tz::UTC);
        let invitation = Invitation {
            email: self.email.clone(),
            name: self.name.clone(),
            language: self.language.clone(),
            zone: zone.name().to_owned(),
            grants: self.role.clone(),
        };
        let mut password = String::new();
        if self.password_stdin {
            std::io::stdin().read_to_string(&mut password)?;
            password.truncate(password.trim_end_matches(['\r', '\n']).len());
            accounts::weigh(&password, &self.email, &self.name)?;
        }
        let (account, word) = accounts::invite(&service, &invitation, &Actor::named(COMMAND_LINE)).await?;
        if self.password_stdin {
            accounts::take_up(&service, &word, &password).await?;
            say!("{} can sign in as {}.", account.name, account.email);
        } else {
            tell_link(common, &account.name, &word)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Link {
    async fn run(&self, common: &Common) -> Done {
        let service = service(common).await?;
        let email = accounts::email(&self.email)?;
        let mut tx = service.database.begin().await?;
        let account = store::by_email(&mut tx, &email).await?.ok_or(Refused::Gone)?;
        drop(tx);
        let word = accounts::invite_anew(&service, account.id, &Actor::named(COMMAND_LINE)).await?;
        tell_link(common, &account.name, &word)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn tell_link(common: &Common, name: &str, word: &str) -> Result<(), Box<dyn std::error::Error>> {
    let config = common.config()?;
    let base = config.server.public_url.unwrap_or_else(|| format!("http://{}", config.server.listen));
    say!("Give {name} this link. It works once, for three days; a password is chosen there:");
    say!("{base}/console/welcome/{word}");
    Ok(())
}

async fn list(common: &Common) -> Done {
    let database = database(common).await?;
    let mut tx = database.read().await?;
    let grants = store::all_grants(&mut tx).await?;
    for account in store::all(&mut tx).await? {
        let hers = grants.iter().filter(|(id, _)| *id == account.id).map(|(_, grant)| match &grant.program {
            Some(program) => format!("{}:{program}", grant.role.name()),
            None => grant.role.name().to_owned(),
        });
        let roles = hers.collect::<Vec<_>>().join(",");
        let state = match (account.closed_at, &account.password, account.invite_until) {
            (Some(at), _, _) => format!("closed since {}", moment(at)),
            (None, Some(_), _) => {
                if account.totp.is_some() { "password and codes" } else { "password" }.to_owned()
            }
            (None, None, Some(until)) => format!("invited until {}", moment(until)),
            (None, None, None) => "no password".to_owned(),
        };
        say!("{}  {}  {roles}  {state}", account.email, account.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn grant(text: &str) -> Result<Grant, String> {
    let (role, program) = match text.split_once(':') {
        Some((role, program)) => (role, Some(program.to_owned())),
        None => (text, None),
    };
    let names = || Role::ALL.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    let role = Role::named(role).ok_or_else(|| format!("{role:?} is no role; there are {}", names()))?;
    Ok(Grant { role, program })
}

/// A service that does nothing by itself, on a database in which nothing may be published yet.
async fn service(common: &Common) -> Result<Service, Box<dyn std::error::Error>> {
    let config = common.config()?;
    let database = database(common).await?;
    let edition = match publishing::in_force(&database, &clock()).await? {
        Some(edition) => edition,
        None => {
            let files = publishing::files(config.library.as_deref())?;
            publishing::start(&database, &clock(), &files, false).await?.edition
        }
    };
    let seal = super::sealing::seal(&config.privacy.key_file, &database).await?;
    Ok(Service {
        senders: Arc::new(Senders::default()),
        database,
        clock: clock(),
        ids: Ids::System,
        shelf: Shelf::new(edition),
        bells: Arc::new(Bells::default()),
        metrics: Arc::new(Metrics::default()),
        seal,
    })
}
