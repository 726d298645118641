//! What the machine can do without a shop: raw SQLite commits of the same bytes, and a bare axum.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};
use sim::client::Client;

/// The moment. Measuring is what this program is for.
#[expect(clippy::disallowed_methods, reason = "this program measures")]
pub fn now() -> Instant {
    Instant::now()
}

/// Commits of one row of `bytes` bytes each to a fresh SQLite file with synchronous=FULL: times of each.
pub fn raw_commits(file: &Path, bytes: usize, count: usize) -> Result<Vec<Duration>> {
    let db = Connection::open(file)?;
    db.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
         CREATE TABLE entry(seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes TEXT NOT NULL) STRICT;",
    )?;
    let text = "x".repeat(bytes);
    let mut insert = db.prepare("INSERT INTO entry(hash, bytes) VALUES (?1, ?2)")?;
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let began = now();
        insert.execute(params![[0_u8; 32].as_slice(), text])?;
        times.push(began.elapsed());
    }
    Ok(times)
}

/// A bare axum that answers "ok".
pub struct BareAxum {
    /// Where it listens.
    pub address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl BareAxum {
    /// Starts it on a free port.
    pub fn start() -> Result<BareAxum> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let app = axum::Router::new().route("/", axum::routing::get(|| async { "ok" }));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Ok(BareAxum { address, _runtime: runtime })
    }
}

/// Requests of `clients` clients at once for a while: (per second, all times).
pub fn requests(
    clients: usize,
    each: usize,
    run: impl Fn(usize) -> Result<Box<dyn FnMut() -> Result<()> + Send>>,
) -> Result<(f64, Vec<Duration>)> {
    let mut workers = Vec::new();
    for client in 0..clients {
        workers.push(run(client)?);
    }
    let began = now();
    let threads: Vec<_> = workers
        .into_iter()
        .map(|mut work| {
            std::thread::spawn(move || -> Result<Vec<Duration>> {
                let mut times = Vec::with_capacity(each);
                for _ in 0..each {
                    let began = now();
                    work()?;
                    times.push(began.elapsed());
                }
                Ok(times)
            })
        })
        .collect();
    let mut all = Vec::new();
    for thread in threads {
        all.extend(thread.join().map_err(|_| anyhow::anyhow!("a client failed"))??);
    }
    Ok((crate::report::per_second(all.len(), began.elapsed()), all))
}

/// A client of the bare axum.
pub fn bare_client(address: SocketAddr) -> Result<Box<dyn FnMut() -> Result<()> + Send>> {
    let mut client = Client::connect(address)?;
    Ok(Box::new(move || client.send("GET", "/", None).map(|_| ())))
}
