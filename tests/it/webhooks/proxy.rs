//! A way to a database that can be cut and frozen.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Every connection is closed, and each new one at once.
    Cut,
    /// Connections stay and nothing comes through, as when a machine is gone from the network.
    Frozen,
}

/// Stands between the service and its database.
pub struct Proxy {
    pub port: u16,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// A way to a server on this machine.
    pub async fn to(port: u16) -> Self {
        let target = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (way, seen) = watch::channel(Way::Open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let seen = seen.clone();
                tokio::spawn(async move {
                    if *seen.borrow() == Way::Cut {
                        return;
                    }
                    let Ok(server) = TcpStream::connect(target).await else { return };
                    let (client_in, client_out) = client.into_split();
                    let (server_in, server_out) = server.into_split();
                    tokio::join!(
                        carry(client_in, server_out, seen.clone()),
                        carry(server_in, client_out, seen)
                    );
                });
            }
        });
        Self { port, way }
    }

    pub fn cut(&self) {
        self.way.send_replace(Way::Cut);
    }

    pub fn freeze(&self) {
        self.way.send_replace(Way::Frozen);
    }

    pub fn open(&self) {
        self.way.send_replace(Way::Open);
    }
}

async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut way: watch::Receiver<Way>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = way.wait_for(|way| *way == Way::Cut) => return,
        };
        let Ok(count @ 1..) = read else { return };
        // Frozen: what came waits here.
        let Ok(now) = way.wait_for(|way| *way != Way::Frozen).await.map(|way| *way) else { return };
        if now == Way::Cut || to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
