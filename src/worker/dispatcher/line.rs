//! Texts whose tries have begun, in line for the wire: answers before anything unasked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::wire::Wire;
use crate::flows::dispatch::Ready;

/// A text in line.
pub struct Ticket {
    /// The text.
    pub text: Ready,
    /// The route by which its try was begun.
    pub wire: Arc<Wire>,
    /// It goes to find out whether the gateway is back.
    pub asks: bool,
}

/// The line, between the one who claims and the one who feeds the wire.
#[derive(Default)]
pub struct Line {
    texts: Mutex<Texts>,
    /// There is room again.
    pub moved: Notify,
    came: Notify,
}

#[derive(Default)]
struct Texts {
    answers: VecDeque<Ticket>,
    unasked: VecDeque<Ticket>,
    /// With so few unasked texts in line or fewer, there is room for more.
    few: usize,
    /// The wire has stood idle for want of texts since somebody last asked.
    starved: bool,
    /// Everybody was taken out of it: that it is empty is no want of texts.
    emptied: bool,
    closed: bool,
}

impl Line {
    /// Puts texts in line.
    pub fn join(&self, answers: Vec<Ready>, unasked: Vec<Ready>, wire: &Arc<Wire>, asks: bool) {
        let ticket = |text| Ticket { text, wire: wire.clone(), asks };
        let mut texts = self.texts();
        texts.answers.extend(answers.into_iter().map(ticket));
        texts.unasked.extend(unasked.into_iter().map(ticket));
        drop(texts);
        self.came.notify_one();
    }

    /// How many answers and how many others are in line. Whoever asks is told when an answer has left it, and when
    /// there are `few` others: to be woken for each text would cost more than to claim them.
    pub fn lengths(&self, few: usize) -> (usize, usize) {
        let mut texts = self.texts();
        texts.few = few;
        (texts.answers.len(), texts.unasked.len())
    }

    /// Whether the wire stood idle since this was last asked.
    pub fn starved(&self) -> bool {
        std::mem::take(&mut self.texts().starved)
    }

    /// The next text, waited for; none once the line is closed and empty.
    pub async fn next(&self) -> Option<Ticket> {
        loop {
            let came = self.came.notified();
            {
                let mut texts = self.texts();
                let answer = texts.answers.pop_front();
                let room = answer.is_some() || texts.unasked.len() <= texts.few + 1;
                if let Some(text) = answer.or_else(|| texts.unasked.pop_front()) {
                    drop(texts);
                    if room {
                        self.moved.notify_one();
                    }
                    return Some(text);
                }
                if texts.closed {
                    return None;
                }
                texts.starved |= !std::mem::take(&mut texts.emptied);
            }
            self.moved.notify_one();
            came.await;
        }
    }

    /// Everybody in line.
    pub fn take_all(&self) -> Vec<Ticket> {
        let mut texts = self.texts();
        let texts = &mut *texts;
        texts.emptied = true;
        texts.answers.drain(..).chain(texts.unasked.drain(..)).collect()
    }

    /// Nobody joins any more.
    pub fn close(&self) {
        self.texts().closed = true;
        self.came.notify_one();
    }

    fn texts(&self) -> std::sync::MutexGuard<'_, Texts> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
