//! Whose texts are claimed: the programs of a sender in turn, each from where its last claim ended.

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::Desk;
use crate::store::outbox::{self, Claim, Place};
use crate::store::{StoreResult, Tx};

/// How often queues are claimed from their beginnings.
const LOOK_BACK: TimeDelta = TimeDelta::seconds(1);

/// Unasked texts of a sender, its programs in turn. Which programs have any is asked now and then, and when those
/// that had some have too few: to ask means to pass by everything that has left the queue and is not yet forgotten.
pub(super) async fn take_turns(
    tx: &mut Tx,
    claim: &Claim<'_>,
    limit: i64,
    desk: &mut Desk,
) -> StoreResult<Vec<outbox::Claimed>> {
    let mut texts = Vec::new();
    if limit <= 0 {
        return Ok(texts);
    }
    // A clock that was put back must not keep anybody from looking.
    let lately = |at| (TimeDelta::zero()..LOOK_BACK).contains(&(claim.now - at));
    let anew = !desk.from_the_beginning.is_some_and(lately);
    if anew {
        desk.reached.clear();
        desk.from_the_beginning = Some(claim.now);
        desk.programs = outbox::programs_waiting(tx, claim.sender).await?;
    }
    let programs = desk.programs.clone();
    share_out(tx, claim, limit, programs, desk, &mut texts).await?;
    if !anew && (texts.len() as i64) < limit {
        let waiting = outbox::programs_waiting(tx, claim.sender).await?;
        let known = std::mem::replace(&mut desk.programs, waiting.clone());
        let others = waiting.into_iter().filter(|program| !known.contains(program)).collect();
        share_out(tx, claim, limit, others, desk, &mut texts).await?;
    }
    Ok(texts)
}

/// To each program first its share of what is left, then what the others do not use.
async fn share_out(
    tx: &mut Tx,
    claim: &Claim<'_>,
    limit: i64,
    mut programs: Vec<String>,
    desk: &mut Desk,
    texts: &mut Vec<outbox::Claimed>,
) -> StoreResult<()> {
    if programs.is_empty() {
        return Ok(());
    }
    desk.turn = desk.turn.wrapping_add(1);
    let first = desk.turn % programs.len();
    programs.rotate_left(first);
    let left = limit - texts.len() as i64;
    let share = left.div_euclid(programs.len() as i64).max(1);
    for most in [share, limit] {
        let mut hungry = Vec::new();
        for program in programs {
            let left = limit - texts.len() as i64;
            if left <= 0 {
                break;
            }
            let wanted = most.min(left);
            let taken = take(tx, claim, &program, wanted, desk).await?;
            if taken.len() as i64 == wanted {
                hungry.push(program);
            }
            texts.extend(taken);
        }
        programs = hungry;
    }
    Ok(())
}

/// Texts of one program, from where the last claim ended; at the end of the queue once more from its beginning.
async fn take(
    tx: &mut Tx,
    claim: &Claim<'_>,
    program: &str,
    limit: i64,
    desk: &mut Desk,
) -> StoreResult<Vec<outbox::Claimed>> {
    const BEGINNING: Place = (DateTime::UNIX_EPOCH, Uuid::nil());
    let reached = desk.reached.get(program).copied();
    let mut texts = outbox::claim_unasked(tx, claim, program, reached.unwrap_or(BEGINNING), limit).await?;
    let left = limit - texts.len() as i64;
    if left > 0 && reached.is_some() {
        texts.extend(outbox::claim_unasked(tx, claim, program, BEGINNING, left).await?);
    }
    if let Some(last) = texts.iter().map(|text| (text.next_try_at, text.id)).max() {
        desk.reached.insert(program.to_owned(), last);
    }
    Ok(texts)
}
