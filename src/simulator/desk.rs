//! Which request goes where, and what is written in answer.

use super::carrier::{Carrier, Verdict};
use super::text::{Refusal, Text};
use super::twilio::list;
use super::wire::{Answer, Request};
use super::{infobip, kannel, twilio};

/// What a connection writes on; used again for each answer.
#[derive(Default)]
pub struct Paper {
    pub answer: Answer,
    second: u32,
    date: String,
}

/// How a request was answered.
pub enum Answered {
    /// The answer is on the paper.
    Plainly,
    /// It is on the paper too, and goes out as the verdict says.
    Text(Verdict),
    /// With the table of all texts.
    WithTable,
}

/// Answers a request.
pub fn answer(carrier: &Carrier, request: &Request<'_>, paper: &mut Paper) -> Answered {
    if let Some(account_sid) = twilio::account(request.path) {
        return match request.method {
            "POST" => twilio_text(carrier, request, account_sid, paper),
            _ => twilio_list(carrier, request, account_sid, paper),
        };
    }
    match (request.method, request.path) {
        (_, kannel::PATH) => return kannel_text(carrier, request, paper),
        ("POST", infobip::PATH) => return infobip_text(carrier, request, paper),
        ("GET", "/account/texts") => return Answered::WithTable,
        ("GET", "/") => {
            let taken = carrier.desk().account.taken();
            paper.answer.plain(200, &taken.to_string());
        }
        ("GET", "/account") => {
            paper.answer.body.clear();
            // Numbers always become JSON, and writing to a Vec cannot fail.
            let _ = serde_json::to_writer_pretty(&mut paper.answer.body, &carrier.summary());
            paper.answer.head(200, "application/json", None);
        }
        ("GET", "/account/seconds") => {
            let table = carrier.desk().pace.as_ref().map(|pace| pace.table());
            match table {
                Some(table) => paper.answer.plain(200, &table),
                None => paper.answer.plain(404, "Start it with --segments-per-second."),
            }
        }
        ("DELETE", "/account") | ("POST", "/account/reset") => {
            let mut desk = carrier.desk();
            desk.account.clear();
            if let Some(pace) = &mut desk.pace {
                pace.clear();
            }
            drop(desk);
            paper.answer.plain(200, "The account is empty.");
        }
        _ => paper.answer.plain(404, "Unknown request."),
    }
    Answered::Plainly
}

fn twilio_text(carrier: &Carrier, request: &Request<'_>, account_sid: &str, paper: &mut Paper) -> Answered {
    let text = match twilio::read(request, account_sid) {
        Ok(text) => text,
        Err(code) => {
            carrier.desk().account.ask_nonsense();
            twilio::refused(Refusal::Code(code), 0, &mut paper.answer);
            return Answered::Plainly;
        }
    };
    let verdict = receive(carrier, &text, paper);
    match (verdict.refusal, verdict.taken) {
        (None, Some(taken)) => {
            let sid = twilio::sid(carrier.run, taken.number);
            twilio::created(&text, &sid, &paper.date, &mut paper.answer);
        }
        (refusal, _) => {
            let refusal = refusal.unwrap_or(Refusal::Garbage);
            twilio::refused(refusal, carrier.settings.retry_after, &mut paper.answer);
        }
    }
    Answered::Text(verdict)
}

fn kannel_text(carrier: &Carrier, request: &Request<'_>, paper: &mut Paper) -> Answered {
    let text = match kannel::read(request) {
        Ok(text) => text,
        Err(words) => {
            carrier.desk().account.ask_nonsense();
            kannel::misformed(words, &mut paper.answer);
            return Answered::Plainly;
        }
    };
    let verdict = receive(carrier, &text, paper);
    match verdict.refusal {
        None => kannel::accepted(&mut paper.answer),
        Some(refusal) => kannel::refused(refusal, &mut paper.answer),
    }
    Answered::Text(verdict)
}

fn infobip_text(carrier: &Carrier, request: &Request<'_>, paper: &mut Paper) -> Answered {
    let text = match infobip::read(request) {
        Ok(text) => text,
        Err(what) => {
            carrier.desk().account.ask_nonsense();
            infobip::malformed(what, &mut paper.answer);
            return Answered::Plainly;
        }
    };
    let verdict = receive(carrier, &text, paper);
    match (verdict.refusal, verdict.taken) {
        (Some(refusal), _) => {
            infobip::refused(refusal, &text, carrier.settings.retry_after, &mut paper.answer);
        }
        (None, Some(taken)) => infobip::accepted(&text, carrier.run, taken.number, &mut paper.answer),
        (None, None) => infobip::duplicate(&text, &mut paper.answer),
    }
    Answered::Text(verdict)
}

fn receive(carrier: &Carrier, text: &Text<'_>, paper: &mut Paper) -> Verdict {
    // Good until 2106.
    let second = carrier.settings.clock.now().timestamp() as u32;
    if second != paper.second {
        (paper.second, paper.date) = (second, list::rfc2822(second));
    }
    carrier.receive(text, second)
}

fn twilio_list(carrier: &Carrier, request: &Request<'_>, account_sid: &str, paper: &mut Paper) -> Answered {
    let refusal = match list::wanted(request) {
        _ if carrier.is_away() => Refusal::Status(503),
        // Twilio's own code for a query it cannot read.
        None => Refusal::Code(20001),
        Some(wanted) => {
            let mut desk = carrier.desk();
            desk.account.looked_up();
            if list::page(&wanted, &desk.account, account_sid, carrier.run, &mut paper.answer) {
                return Answered::Plainly;
            }
            // An empty list would say that nothing was sent.
            Refusal::Status(503)
        }
    };
    twilio::refused(refusal, carrier.settings.retry_after, &mut paper.answer);
    Answered::Plainly
}
