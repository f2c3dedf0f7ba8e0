//! Made-up mothers, by the thousand, over 21 months in some minutes: what the service must never do, watched from outside.
//!
//! A mother is made from a seed and her number (`life`): what happens to her, and what she wants. She writes in her own
//! language, reads what comes, and answers (`live`). Her texts go through the very flows that serve mothers, on a clock
//! moved by hand, by a gateway that fails in every way there is (`stage`, `carrier`). Everything that was heard and said is
//! written down (`witness`) and held against the nine truths of ARCHITECTURE.md (`truths`), by arithmetic that shares
//! nothing with the service's. What it came to is an account ([`Account`]) and a page for people ([`report`]).

pub mod account;
mod carrier;
pub mod cast;
mod chance;
mod life;
pub mod live;
pub mod mother;
pub mod phrases;
pub mod report;
pub mod south;
mod stage;
pub mod truths;
pub mod witness;
pub mod words;

use std::num::NonZero;
use std::sync::Arc;

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use tokio::sync::Semaphore;

pub use self::account::Account;
use self::cast::Cast;
use self::life::Span;
use self::stage::Stage;
use crate::flows::publishing::NoEdition;
use crate::library::{Fault, Files, Library, Severity};
use crate::store::apart::apart;
use crate::store::{Database, OpenError, StoreError};

/// The first day: the months after it hold a February 29, and both changes of clocks in both hemispheres.
const BEGINS: (i32, u32, u32) = (2027, 6, 1);
/// So many mothers share a world at most: more would only make its tables longer.
const MOST_TOGETHER: u32 = 1_000;
/// The file whose tips the second edition rewords, and the tip that is recalled.
const REWORDED: &str = "tips/text4baby-us/pregnancy/week-20.toml";

/// What is to be simulated.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many mothers.
    pub mothers: u32,
    /// The same seed gives the same run.
    pub seed: u64,
    /// How many months.
    pub months: u32,
    /// The clock stands at multiples of this only; none: at every moment at which anything is due.
    pub step: TimeDelta,
    /// How many share a world; none: [`MOST_TOGETHER`] at most.
    pub together: Option<u32>,
    /// Everything fails that can.
    pub faults: bool,
    /// The sender is a public one: nothing may go that no reviewer stands for.
    pub public: bool,
    /// Of the mother with this number in each world all is written down that was said.
    pub follow: Option<u32>,
    /// Only the world with this number is run, as it is among all.
    pub world: Option<u64>,
}

/// What all worlds of a run share.
pub struct Setting {
    library: Arc<Library>,
    changed: Option<Arc<Library>>,
    recalled: Option<String>,
    cast: Cast,
    span: Span,
    step: TimeDelta,
    seed: u64,
    faults: bool,
    public: bool,
    follow: Option<u32>,
}

/// A run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// A world was named that is not among them.
    #[error("there are {0} worlds, and the first is 0")]
    NoWorld(u64),
    /// The library has errors.
    #[error(transparent)]
    Library(#[from] NoEdition),
    /// Somebody is there already.
    #[error("the database is not empty: made-up mothers are never mixed with real ones")]
    NotEmpty,
    /// No database in memory.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error("the simulation's database failed: {0}")]
    Store(#[from] StoreError),
    /// Something is always to be done.
    #[error("at {0} the service does not come to rest")]
    Restless(DateTime<Utc>),
    /// A world broke.
    #[error("a world broke: see above")]
    Broke,
}

impl Setting {
    /// Reads the library, with a program of the southern hemisphere beside the others, and a later edition of it.
    pub fn read(files: &Files, plan: &Plan) -> Result<Arc<Self>, SimulationError> {
        let (year, month, day) = BEGINS;
        let first = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let from = first.and_time(chrono::NaiveTime::MIN).and_utc();
        let until = from + Months::new(plan.months.max(1));
        let files = south::with_south(files);
        let library = Arc::new(library(&files, first)?);
        let changed = if plan.faults { reworded(&files) } else { None };
        let changed = changed.map(|files| self::library(&files, first)).transpose()?.map(Arc::new);
        let recalled = changed.as_ref().and_then(|library| recalled(library));
        let cast = Cast::of(&library);
        Ok(Arc::new(Self {
            library,
            changed,
            recalled,
            cast,
            span: Span { from, until },
            step: plan.step,
            seed: plan.seed,
            faults: plan.faults,
            public: plan.public,
            follow: plan.follow,
        }))
    }

    /// The first and the last moment.
    pub fn span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.span.from, self.span.until)
    }

    /// The hash of the edition that it begins with.
    pub fn edition(&self) -> &str {
        &self.library.hash
    }

    /// The library.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Who there may be.
    pub fn cast(&self) -> &Cast {
        &self.cast
    }
}

/// Runs a plan: in worlds of their own in memory, as many at once as there are processors, or all of it on one database
/// that is empty. `so_far` is told the account after each world, and how many worlds there are.
pub async fn run(
    setting: &Arc<Setting>,
    plan: &Plan,
    database: Option<Database>,
    so_far: impl Fn(&Account, u64),
) -> Result<Account, SimulationError> {
    if let Some(database) = database {
        let mut tx = database.read().await?;
        if !crate::store::service::is_empty(&mut tx).await? {
            return Err(SimulationError::NotEmpty);
        }
        tx.commit().await?;
        return Box::pin(Stage::new(setting, database, 0, plan.mothers).await?.run()).await;
    }
    let most = plan.together.unwrap_or(MOST_TOGETHER).max(1);
    let worlds = u64::from(plan.mothers.div_ceil(most)).max(1);
    let share = plan.mothers / worlds as u32;
    let places = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get)));
    let mut under_way = Vec::new();
    if plan.world.is_some_and(|only| only >= worlds) {
        return Err(SimulationError::NoWorld(worlds));
    }
    for world in (0..worlds).filter(|world| plan.world.is_none_or(|only| only == *world)) {
        let one_more = u32::from(world < u64::from(plan.mothers % worlds as u32));
        let (setting, places, mothers) = (setting.clone(), places.clone(), share + one_more);
        let run = apart(async move {
            let _place = places.acquire_owned().await.map_err(|_| SimulationError::Broke)?;
            let database = Database::in_memory().await?;
            Stage::new(&setting, database, world, mothers).await?.run().await
        });
        under_way.push((world, run));
    }
    let mut all = Account::default();
    for (world, run) in under_way {
        let mut account = run.await.map_err(|_| SimulationError::Broke)??;
        for (of, _) in &mut account.broken {
            *of = world;
        }
        all.add(account);
        so_far(&all, worlds);
    }
    Ok(all)
}

/// A short run behind a public number, where nothing may go that no reviewer stands for.
pub async fn unapproved(files: &Files, plan: &Plan) -> Result<Account, SimulationError> {
    let mothers = (plan.mothers / 20).clamp(20, 200);
    let plan = Plan { mothers, months: 2, faults: false, public: true, follow: None, world: None, ..*plan };
    let setting = Setting::read(files, &plan)?;
    let Account { checked, broken, .. } = run(&setting, &plan, None, |_, _| {}).await?;
    Ok(Account { checked, broken, ..Account::default() })
}

fn library(files: &Files, on: NaiveDate) -> Result<Library, SimulationError> {
    let checked = Library::read(files, on);
    checked.library.ok_or_else(|| {
        let errors: Vec<Fault> =
            checked.faults.into_iter().filter(|fault| fault.severity == Severity::Error).collect();
        NoEdition::Faulty(errors).into()
    })
}

/// The files with some tips said with more cheer.
fn reworded(files: &Files) -> Option<Files> {
    let mut changed = files.clone();
    let file = changed.0.get_mut(REWORDED)?;
    *file = file.replace(".\"\ntext.", "!\"\ntext.");
    Some(changed)
}

/// A tip of the reworded file.
fn recalled(library: &Library) -> Option<String> {
    let program = library.programs.values().find(|program| REWORDED.contains(&program.id))?;
    let mut tips = program.tips().into_iter();
    let week = |slot: &crate::domain::plan::Slot| {
        slot.week == 20 && slot.track == crate::domain::gestation::Track::Pregnancy
    };
    tips.find(|(slot, _)| week(slot)).map(|(_, tip)| tip.id.to_string())
}
