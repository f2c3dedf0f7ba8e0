//! Whether a gateway is worth trying: after a run of trouble it is left alone for a while, then asked with a
//! single text whether it is back.

use chrono::{DateTime, TimeDelta, Utc};

/// The last so many results count.
const MEMORY: u32 = 20;
/// So many of them in trouble open the circuit.
const TOO_MANY: u32 = 10;
/// The first pause; each further one without success is twice as long.
const FIRST: TimeDelta = TimeDelta::seconds(5);
/// No pause is longer.
const LONGEST: TimeDelta = TimeDelta::seconds(60);

/// A text that was sent to ask has come back after this time, or never will.
const LOST: TimeDelta = TimeDelta::seconds(40);
/// While it is away, so often it is looked whether it has come back.
const SOON: TimeDelta = TimeDelta::milliseconds(100);

/// What may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Whatever there is.
    Go,
    /// One text, to find out.
    Ask,
    /// Nothing before this moment.
    Wait(DateTime<Utc>),
}

/// What one result says of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It works, whatever it thought of the text.
    Well,
    /// It did not answer, or had a fault.
    Trouble,
    /// It works, and asks for a pause of this length.
    Busy(TimeDelta),
}

/// The circuit.
#[derive(Clone, Debug, Default)]
pub struct Circuit {
    /// The last results, the newest in the lowest bit; 1 is trouble.
    recent: u32,
    /// Nothing is sent before.
    until: Option<DateTime<Utc>>,
    /// Pauses in a row.
    pauses: u32,
    /// Since when one text is on its way to find out.
    asked: Option<DateTime<Utc>>,
}

impl Circuit {
    /// What may be sent now. Whoever is told to ask must send one text or call [`Circuit::unasked`].
    pub fn leave(&mut self, now: DateTime<Utc>) -> Leave {
        match self.until {
            None => Leave::Go,
            // No pause is longer: a clock that was put back must not make it so.
            Some(until) if until > now && until <= now + LONGEST => Leave::Wait(until),
            Some(_) if self.pauses == 0 => {
                self.until = None;
                Leave::Go
            }
            // Should the one that was sent to ask never come back, another goes in its place.
            Some(_) => match self.asked.map(|since| since + LOST) {
                Some(lost) if lost > now && lost <= now + LOST => Leave::Wait(lost.min(now + SOON)),
                _ => {
                    self.asked = Some(now);
                    Leave::Ask
                }
            },
        }
    }

    /// There was nothing to ask with.
    pub fn unasked(&mut self) {
        self.asked = None;
    }

    /// Whether the gateway is being left alone because of trouble.
    pub fn is_open(&self) -> bool {
        self.pauses > 0
    }

    /// Whether a text is on its way to find out.
    pub fn is_asked(&self) -> bool {
        self.is_open() && self.asked.is_some()
    }

    /// Learns from a result; true if this opened or closed the circuit.
    pub fn heard(&mut self, sign: Sign, now: DateTime<Utc>) -> bool {
        let open = self.is_open();
        match sign {
            Sign::Well => {
                self.recent <<= 1;
                if open {
                    *self = Self::default();
                }
            }
            Sign::Busy(pause) => {
                let until = now + pause.min(LONGEST);
                self.until = Some(self.until.map_or(until, |known| known.max(until)));
                // The one that asked is back with this answer: when the pause is over, another may ask.
                self.asked = None;
            }
            Sign::Trouble => {
                self.recent = self.recent << 1 | 1;
                let troubled = (self.recent & ((1 << MEMORY) - 1)).count_ones();
                // What was on the wire when it opened comes back as trouble too, and is no news.
                if (!open && troubled >= TOO_MANY) || (open && self.asked.is_some()) {
                    self.asked = None;
                    self.pauses += 1;
                    self.until = Some(now + self.pause());
                }
            }
        }
        open != self.is_open()
    }

    fn pause(&self) -> TimeDelta {
        (FIRST * (1 << self.pauses.saturating_sub(1).min(6))).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn opens_asks_and_closes() {
        let mut circuit = Circuit::default();
        for _ in 0..9 {
            assert!(!circuit.heard(Sign::Trouble, at(0)));
        }
        assert_eq!(Leave::Go, circuit.leave(at(0)));
        assert!(circuit.heard(Sign::Trouble, at(0)));
        assert_eq!(Leave::Wait(at(5)), circuit.leave(at(1)));
        // The rest of what was on the wire.
        assert!(!circuit.heard(Sign::Trouble, at(1)));
        assert_eq!(Leave::Ask, circuit.leave(at(5)));
        assert_eq!(Leave::Ask, circuit.clone().leave(at(46)), "the one that asked is lost");
        assert!(matches!(circuit.leave(at(5)), Leave::Wait(_)), "one text asks, not two");
        circuit.heard(Sign::Trouble, at(6));
        assert_eq!(Leave::Wait(at(16)), circuit.leave(at(6)), "twice as long");
        assert_eq!(Leave::Ask, circuit.leave(at(16)));
        assert!(circuit.heard(Sign::Well, at(17)));
        assert_eq!(Leave::Go, circuit.leave(at(17)));
    }

    #[test]
    fn a_few_troubles_among_many_are_nothing() {
        let mut circuit = Circuit::default();
        for n in 0..1000 {
            circuit.heard(if n % 3 == 0 { Sign::Trouble } else { Sign::Well }, at(0));
        }
        assert_eq!(Leave::Go, circuit.leave(at(0)));
    }

    #[test]
    fn ten_of_the_last_twenty_open_it_and_no_fewer() {
        // Before the last trouble there are nine others, and as much that went well as fits or one more.
        for (well, opens) in [(10, true), (11, false)] {
            let mut circuit = Circuit::default();
            let run = [vec![Sign::Trouble; 9], vec![Sign::Well; well]].concat();
            assert!(run.into_iter().all(|sign| !circuit.heard(sign, at(0))));
            assert_eq!(opens, circuit.heard(Sign::Trouble, at(0)), "{well}");
            assert_eq!(opens, circuit.is_open());
        }
    }

    #[test]
    fn it_is_asked_at_the_end_of_the_pause_and_not_before_by_one_at_a_time() {
        let mut circuit = Circuit::default();
        let just_before = |seconds| at(seconds) - TimeDelta::microseconds(1);
        for _ in 0..10 {
            circuit.heard(Sign::Trouble, at(0));
        }
        assert_eq!(Leave::Wait(at(5)), circuit.leave(just_before(5)));
        assert_eq!(Leave::Ask, circuit.leave(at(5)));
        // Until it is back or given up nobody else asks.
        assert!(matches!(circuit.leave(at(5)), Leave::Wait(_)));
        assert!(matches!(circuit.leave(just_before(45)), Leave::Wait(_)));
        assert_eq!(Leave::Ask, circuit.leave(at(45)));
        // The one that was given up comes back after all, and then the other: one pause, not two.
        circuit.heard(Sign::Trouble, at(46));
        circuit.heard(Sign::Trouble, at(46));
        assert_eq!(Leave::Wait(at(56)), circuit.leave(at(46)));
        // Where there was nothing to ask with, whoever comes next asks.
        assert_eq!(Leave::Ask, circuit.leave(at(56)));
        circuit.unasked();
        assert_eq!(Leave::Ask, circuit.leave(at(56)));
        // Closed, it has forgotten: it takes ten again, and the first pause is short again.
        assert!(circuit.heard(Sign::Well, at(57)));
        assert!((0..9).all(|_| !circuit.heard(Sign::Trouble, at(57))));
        assert!(circuit.heard(Sign::Trouble, at(57)));
        assert_eq!(Leave::Wait(at(62)), circuit.leave(at(57)));
    }

    #[test]
    fn a_busy_gateway_is_left_alone_as_long_as_it_asks() {
        let mut circuit = Circuit::default();
        circuit.heard(Sign::Busy(TimeDelta::seconds(3)), at(0));
        assert_eq!(Leave::Wait(at(3)), circuit.leave(at(2)));
        assert_eq!(Leave::Go, circuit.leave(at(3)));
    }

    #[test]
    fn a_gateway_that_was_asked_and_is_busy_is_asked_again_as_soon_as_it_says() {
        let mut circuit = Circuit::default();
        for _ in 0..10 {
            circuit.heard(Sign::Trouble, at(0));
        }
        assert_eq!(Leave::Ask, circuit.leave(at(5)));
        assert!(!circuit.heard(Sign::Busy(TimeDelta::seconds(1)), at(6)));
        assert_eq!(Leave::Wait(at(7)), circuit.leave(at(6)));
        assert_eq!(Leave::Ask, circuit.leave(at(7)));
    }

    #[test]
    fn a_clock_that_was_put_back_makes_no_pause_longer() {
        let mut circuit = Circuit::default();
        for _ in 0..10 {
            circuit.heard(Sign::Trouble, at(7200));
        }
        assert_eq!(Leave::Ask, circuit.leave(at(3600)));
        assert_eq!(Leave::Ask, circuit.leave(at(0)));
    }

    #[test]
    fn no_pause_is_longer_than_a_minute() {
        let mut circuit = Circuit::default();
        let mut now = 0;
        for _ in 0..10 {
            circuit.heard(Sign::Trouble, at(now));
        }
        for _ in 0..20 {
            while circuit.leave(at(now)) != Leave::Ask {
                now += 1;
            }
            circuit.heard(Sign::Trouble, at(now));
            let Leave::Wait(until) = circuit.leave(at(now)) else { panic!("it is open") };
            assert!(until <= at(now + 60));
        }
    }
}
