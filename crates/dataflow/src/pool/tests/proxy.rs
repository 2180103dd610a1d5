//! A way to a server that can be cut, slowed down and held.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use dataflow_core::Endpoint;
use parking_lot::Mutex;

/// A listener on loopback that passes on what it hears. Its threads end with the process.
pub(super) struct Proxy {
    url: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    streams: Mutex<Vec<TcpStream>>,
    delay_millis: AtomicU64,
    is_held: AtomicBool,
}

impl Proxy {
    /// A proxy before the server of a URL.
    pub(super) fn before(url: &str) -> Self {
        let Endpoint::Postgres(server) = url.parse().unwrap() else {
            panic!("not a server");
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::<Shared>::default();
        let proxy = Self {
            url: url.replace(&format!(":{}/", server.port), &format!(":{port}/")),
            shared: shared.clone(),
        };
        let address = (server.host, server.port);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect((&*address.0, address.1)) {
                    shared.join(&client, &server);
                }
            }
        });
        proxy
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Cuts every connection there is.
    pub(super) fn cut(&self) {
        for stream in self.shared.streams.lock().drain(..) {
            // One that has ended by itself cannot be cut any more.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets every message wait so long.
    pub(super) fn delay(&self, delay: Duration) {
        let millis = delay.as_millis() as u64;
        self.shared.delay_millis.store(millis, Ordering::Relaxed);
    }

    /// Passes nothing on any more, and keeps every connection open.
    pub(super) fn hold(&self) {
        self.shared.is_held.store(true, Ordering::Relaxed);
    }

    pub(super) fn release(&self) {
        self.shared.is_held.store(false, Ordering::Relaxed);
    }
}

impl Shared {
    fn join(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) {
        let clone = |stream: &TcpStream| stream.try_clone().unwrap();
        self.streams.lock().extend([clone(client), clone(server)]);
        for (from, to) in [(client, server), (server, client)] {
            let (shared, from, to) = (self.clone(), clone(from), clone(to));
            thread::spawn(move || shared.pass_on(from, to));
        }
    }

    fn pass_on(&self, mut from: TcpStream, mut to: TcpStream) {
        to.set_nodelay(true).unwrap();
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            thread::sleep(Duration::from_millis(
                self.delay_millis.load(Ordering::Relaxed),
            ));
            while self.is_held.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(5));
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }
}
