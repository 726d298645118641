//! What the machine can do without a shop: raw SQLite commits of the same bytes, and a bare axum.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};
use sim::client::Client;
use sim::random::Random;

/// The moment. Measuring is what this program is for.
#[expect(clippy::disallowed_methods, reason = "this program measures")]
pub fn now() -> Instant {
    Instant::now()
}

/// The tables that selling writes, without triggers, texts or rules.
const TABLES: &str = "
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    CREATE TABLE entry(seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes TEXT NOT NULL) STRICT;
    CREATE TABLE command(id BLOB PRIMARY KEY, first INTEGER, last INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE basket(basket INTEGER, seq INTEGER, PRIMARY KEY(basket, seq)) STRICT, WITHOUT ROWID;
    CREATE TABLE receipt(seq INTEGER PRIMARY KEY, number INTEGER UNIQUE, date TEXT, total INTEGER) STRICT;
    CREATE INDEX by_date ON receipt(date);
    CREATE TABLE stock(item INTEGER PRIMARY KEY, quantity INTEGER) STRICT;
    CREATE TABLE item_day(date TEXT, item INTEGER, amount INTEGER, PRIMARY KEY(date, item)) STRICT, WITHOUT ROWID;
    CREATE TABLE till(id INTEGER PRIMARY KEY, body TEXT) STRICT;
    INSERT INTO till VALUES (1, '');";

/// Bytes that the entries and the till's document of a payment take, about.
const PAYMENT: usize = 2_000;
/// The till's document.
const TILL: usize = 1_500;

/// Commits of the same rows that selling writes (four scans with an entry of `bytes` bytes each, then
/// a payment with its receipt, stock and totals), without anything that a shop does to make them, to
/// a fresh SQLite file with synchronous=FULL: the time of each.
///
/// `laid_out`: with a log that has its length on disk already, as the shop has it; otherwise as SQLite
/// comes.
pub fn raw_commits(
    file: &Path,
    bytes: usize,
    count: usize,
    laid_out: bool,
) -> Result<Vec<Duration>> {
    let mut db = Connection::open(file)?;
    db.execute_batch(TABLES)?;
    if laid_out {
        lay_out_log(&mut db, file)?;
    }
    let entry = "x".repeat(bytes);
    let payment = "x".repeat(PAYMENT);
    let till = "x".repeat(TILL);
    let mut random = Random::new(1);
    let mut times = Vec::with_capacity(count);
    for n in 0..count {
        let id = random.uuid(u64::try_from(n)?);
        let seq = i64::try_from(n)? + 1;
        let pays = n % 5 == 4;
        let began = now();
        let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3)")?.execute(params![
            seq,
            [0_u8; 32].as_slice(),
            if pays { &payment } else { &entry }
        ])?;
        tx.prepare_cached("INSERT INTO command VALUES (?1, ?2, ?2)")?
            .execute(params![id.as_bytes().as_slice(), seq])?;
        if pays {
            for _ in 0..4 {
                let item = i64::try_from(random.below(2_000))?;
                tx.prepare_cached("INSERT INTO stock VALUES (?1, -1) ON CONFLICT DO UPDATE SET quantity = quantity - 1")?
                    .execute([item])?;
                tx.prepare_cached("INSERT INTO item_day VALUES ('2026-11-23', ?1, 1) ON CONFLICT DO UPDATE SET amount = amount + 1")?
                    .execute([item])?;
            }
            tx.prepare_cached("INSERT INTO receipt VALUES (?1, ?1, '2026-11-23', 1)")?
                .execute([seq])?;
            tx.prepare_cached("UPDATE till SET body = ?1 WHERE id = 1")?.execute([&till])?;
            tx.prepare_cached("DELETE FROM basket WHERE basket = ?1")?.execute([seq / 5])?;
        } else {
            tx.prepare_cached("INSERT INTO basket VALUES (?1, ?2)")?
                .execute(params![seq / 5, seq])?;
        }
        tx.commit()?;
        times.push(began.elapsed());
    }
    Ok(times)
}

fn lay_out_log(db: &mut Connection, file: &Path) -> Result<()> {
    db.execute_batch("PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=64;")?;
    let tx = db.transaction()?;
    tx.execute_batch("CREATE TABLE log_length (bytes BLOB)")?;
    tx.execute("INSERT INTO log_length VALUES (zeroblob(16384000))", [])?;
    tx.rollback()?;
    db.execute_batch("PRAGMA cache_size=-32768;")?;
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::File::open(log)?.sync_all()?;
    Ok(())
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
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
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
