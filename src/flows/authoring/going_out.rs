//! What was signed is published: the newest edition with the chosen tips, as the next one. Whatever else lies on the desk
//! stays there.

use std::collections::BTreeSet;

use super::{Progress, Refused, Sheet, apart, held, look, reason, said, sheet};
use crate::flows::Service;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::publishing::{self, NotPublished};
use crate::library::desk::Leaf;
use crate::store::{desk, editions};

/// A tip that is to go out, as somebody has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub tip: String,
    /// The mark of what they read.
    pub seen: String,
}

/// Publishes the chosen tips, each signed and unchanged since it was read; gives the edition's number.
pub async fn publish(service: &Service, by: &Actor, chosen: &[Chosen], why: &str) -> Result<i64, Refused> {
    let why = reason(why)?;
    if chosen.is_empty() {
        return Err(Refused::Nothing);
    }
    let desk = look(service).await?;
    let mut leaves: Vec<Leaf> = Vec::new();
    for one in chosen {
        // What is published is what was signed, as it is kept.
        let sheet = sheet(service, &desk, &one.tip).await?.ok_or(Refused::NotNow)?;
        signed(&sheet, one)?;
        if let Some(fault) = desk.table.loose.get(&one.tip) {
            return Err(Refused::Unchangeable(fault.message.clone()));
        }
        leaves.push(sheet.now);
    }
    let (table, today) = (desk.table.clone(), service.now().date_naive());
    let anew: BTreeSet<String> = chosen.iter().map(|one| one.tip.clone()).collect();
    let library = apart(move || {
        let files = table.only(&leaves.iter().collect::<Vec<_>>());
        let files = files.map_err(|fault| Refused::Unchangeable(fault.message))?;
        let library = publishing::ready(&files, today)?;
        publishing::outran(&table.before, &library.files, &anew)?;
        Ok::<_, Refused>(library)
    })
    .await??;
    let programs = service.senders.iter().flat_map(|sender| sender.programs.iter().cloned()).collect();
    publishing::serves(&library, &programs)?;
    let mut tx = service.database.begin().await?;
    match editions::newest(&mut tx).await? {
        Some(newest) if newest.number == desk.edition && newest.hash == library.hash => {
            return Err(NotPublished::Same(newest.number).into());
        }
        Some(newest) if newest.number == desk.edition => {}
        _ => return Err(NotPublished::Outrun.into()),
    }
    let mut of_programs: BTreeSet<String> = BTreeSet::new();
    for one in chosen {
        let sheet = held(&mut tx, &desk, &one.tip).await?;
        signed(&sheet, one)?;
        of_programs.insert(sheet.now.program);
    }
    let by_why = (by.name.as_str(), why);
    let added = publishing::add(&mut tx, &service.clock, &library.files, &library.hash, by_why).await;
    let number = added.map_err(NotPublished::from)?;
    for one in chosen {
        desk::take(&mut tx, &one.tip).await?;
        said(service, &mut tx, by, &one.tip, "published", &format!("{number}: {why}")).await?;
    }
    for program in &of_programs {
        let detail = format!("edition {number}, {} tips: {why}", chosen.len());
        auditing::note(service, &mut tx, by, "publish", Object::program(program), &detail).await?;
    }
    tx.commit().await.map_err(NotPublished::from)?;
    // Here it is taken at once; other processes look each two seconds.
    publishing::look(service).await?;
    Ok(number)
}

/// Whether a tip is signed, and what somebody has read.
fn signed(sheet: &Sheet, read: &Chosen) -> Result<(), Refused> {
    if sheet.progress() != Some(Progress::Approved) {
        return Err(Refused::NotNow);
    }
    if sheet.now.mark() != read.seen {
        return Err(Refused::Overtaken(Box::new(sheet.now.clone())));
    }
    if sheet.conflict() { Err(Refused::Conflict) } else { Ok(()) }
}

/// Makes an earlier edition the next one; what lies on the desk stays there. Gives its new number.
pub async fn roll_back(service: &Service, by: &Actor, number: i64, why: &str) -> Result<i64, Refused> {
    let why = reason(why)?;
    let files = publishing::edition_files(&service.database, number).await?;
    let files = files.ok_or(NotPublished::Unknown(number))?;
    let today = service.now().date_naive();
    let library = apart(move || publishing::ready(&files, today)).await?;
    let library = library.map_err(|_| NotPublished::Unusable(number))?;
    let programs = service.senders.iter().flat_map(|sender| sender.programs.iter().cloned()).collect();
    publishing::serves(&library, &programs)?;
    let mut tx = service.database.begin().await?;
    if let Some(newest) = editions::newest(&mut tx).await?.filter(|newest| newest.hash == library.hash) {
        return Err(NotPublished::Same(newest.number).into());
    }
    let put = publishing::add(&mut tx, &service.clock, &library.files, &library.hash, (&by.name, why)).await;
    let next = put.map_err(NotPublished::from)?;
    let detail = format!("edition {next} says what {number} said: {why}");
    auditing::note(service, &mut tx, by, "roll back", Object::default(), &detail).await?;
    tx.commit().await.map_err(NotPublished::from)?;
    publishing::look(service).await?;
    Ok(next)
}
