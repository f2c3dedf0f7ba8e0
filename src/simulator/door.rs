//! Where callers come in, and where nobody gets in during an outage.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::carrier::Carrier;
use super::connection;

/// After an error of the machine's, such as too many open files, and before a port is asked for again.
const PAUSE: Duration = Duration::from_millis(20);
const BACKLOG: u32 = 1024;

/// Serves all comers; ends only with an error.
pub async fn keep(carrier: Arc<Carrier>, listener: TcpListener) -> io::Result<()> {
    let address = listener.local_addr()?;
    let closed = carrier.settings.outages.iter().filter(|outage| !outage.answers);
    let mut closed: Vec<_> = closed.map(|outage| (outage.from, outage.to)).collect();
    closed.sort_unstable();
    let mut listener = listener;
    for (from, to) in closed {
        // With the connections that it has, whatever is under way on them.
        let left = open(&carrier, &listener, Some(carrier.started + from)).await;
        drop((left, listener));
        sleep_until(carrier.started + to).await;
        listener = again(address).await?;
    }
    open(&carrier, &listener, None).await;
    Ok(())
}

/// Serves until that time; the connections that are left.
async fn open(carrier: &Arc<Carrier>, listener: &TcpListener, until: Option<Instant>) -> JoinSet<()> {
    let mut connections = JoinSet::new();
    let end = async {
        match until {
            Some(until) => sleep_until(until).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(end);
    // A timer's first look comes up to a millisecond late: an outage from the start must let nobody in.
    while until.is_none_or(|until| Instant::now() < until) {
        tokio::select! {
            () = &mut end => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection::serve(carrier.clone(), stream));
                }
                Err(_) => sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections
}

/// The same port again. Someone else may hold it for a moment.
async fn again(address: SocketAddr) -> io::Result<TcpListener> {
    for _ in 0..100 {
        if let Ok(listener) = listen(address) {
            return Ok(listener);
        }
        sleep(PAUSE).await;
    }
    listen(address)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Connections that were cut just now must not keep the port from us.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
