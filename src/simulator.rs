//! A gateway for trials: Twilio's, Kannel's and Infobip's addresses on one port, with every fault a gateway can have,
//! and an account of what it took. For an organization before it signs a contract; for benchmarks, long runs and kills.
//!
//! It speaks to the service, never to a mother: nothing is sent. It prints and logs no number and no word of a
//! text.
//!
//! | address | what it is |
//! |---|---|
//! | `POST /2010-04-01/Accounts/{sid}/Messages.json` | Twilio: send |
//! | `GET /2010-04-01/Accounts/{sid}/Messages.json?To=` | Twilio: the list, newest first, in pages |
//! | `GET /cgi-bin/sendsms` | Kannel: send; a POST is read as Kannel reads it, fields in headers |
//! | `POST /sms/3/messages` | Infobip: send one text, which it takes once under its `messageId` |
//! | `GET /` | how many texts were taken, a plain number |
//! | `GET /account` | the account in numbers, JSON |
//! | `GET /account/texts` | every text by our reference, CSV |
//! | `GET /account/seconds` | segments taken in each second, CSV, where a pace is set |
//! | `DELETE /account`, `POST /account/reset` | begins a new account |
//!
//! A text is *taken* when she gets it; each fault says whether it is:
//!
//! | fault | what the service sees | taken |
//! |---|---|---|
//! | `400` … `599` | that status, in the dialect's words; Kannel says 429 as 503 | no |
//! | `500-taken` and the like | the same | yes |
//! | `21610` and the like | Twilio's code; in the other dialects the words that come nearest | no |
//! | `reset` | the connection is reset | no |
//! | `lost` | the connection ends before the answer, or in its middle | yes |
//! | `late` | the answer comes when nobody waits for it any more | yes |
//! | `drip` | the answer comes byte by byte | yes |
//! | `garbage` | 200 with nonsense | no |
//! | `garbage-taken` | the same | yes |
//! | an outage | the port is closed and what is open is cut; or 503 | no; what it cuts may have been |
//! | beyond the pace | 429 | no |
//! | a name that Infobip has taken | 200 with status 23, or what another fault makes of that | no, it was before |
//!
//! All chance comes from the seed and our reference (or, without one, the number of the request), so a trial
//! repeats itself in whatever order its texts come. Reports need no answer that arrived: a text that was taken is
//! reported on.

mod account;
mod callbacks;
mod carrier;
mod chance;
mod connection;
mod desk;
mod door;
mod faults;
mod infobip;
mod kannel;
mod pace;
mod settings;
mod text;
mod twilio;
mod wire;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use self::account::{Again, Summary, Told};
use self::carrier::Carrier;
pub use self::faults::{Errors, Fault, probability};
pub use self::settings::{Latency, Outage, Reports, Settings};
use self::wire::Answer;

/// Serves until `shutdown` is done, and gives the account as it then stands. Reports that are still to be given
/// are not waited for.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()>,
) -> io::Result<Summary> {
    let carrier = Arc::new(Carrier::new(settings));
    tokio::select! {
        kept = door::keep(carrier.clone(), listener) => kept?,
        () = callbacks::run(carrier.clone()) => {}
        () = shutdown => {}
    }
    Ok(carrier.summary())
}

/// What a proxy says that has lost its way.
fn garbage(answer: &mut Answer) {
    answer.body.clear();
    answer.body.extend_from_slice(b"<html><body>It works!</body></html>");
    answer.head(200, "text/html", None);
}
