//! The host outside: what it takes, what it gives, and that it knows nothing.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use messages::Outcome;
use messages::host::{Host, Tokens};
use messages::sealed::{Bundle, BundledFile, LARGEST, NONCE, open, seal};
use messages::upload::{self, put};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const ID: [u8; 16] = [0xfb; 16];
const ID_TEXT: &str = "-_v7-_v7-_v7-_v7-_v7-w";

fn bundle() -> Bundle {
    Bundle {
        v: 1,
        language: "de".to_owned(),
        title: "Beleg 1-7".to_owned(),
        html: "<article class=\"receipt\">Aepfel Boskoop</article>".to_owned(),
        files: vec![BundledFile::new("Bon.pdf", "PDF", "application/pdf", b"%PDF-1.7")],
    }
}

fn sealed() -> Vec<u8> {
    seal(&bundle(), (&[1; 32], [2; NONCE]), &ID).expect("sealed")
}

struct World {
    at: SocketAddr,
    host: Host,
    now: Arc<AtomicU64>,
    token: String,
    folder: tempfile::TempDir,
}

impl World {
    async fn start() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let token = Tokens::add(&folder.path().join("tokens"), "laden").expect("a token");
        let now = Arc::new(AtomicU64::new(1_000_000));
        let clock = Arc::clone(&now);
        let host =
            Host::open(folder.path(), 10_000_000, Arc::new(move || clock.load(Ordering::Relaxed)))
                .expect("a host");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let at = listener.local_addr().expect("bound");
        tokio::spawn(host.clone().serve(listener, std::future::pending()));
        World { at, host, now, token, folder }
    }

    fn shop(&self, token: &str) -> upload::Host {
        upload::Host {
            address: format!("http://{}", self.at),
            token: token.to_owned(),
            patience: Duration::from_secs(20),
        }
    }

    /// Status, head and body.
    async fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.at).await.expect("connected");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: bon.example\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("asked");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.expect("answered");
        let cut = all.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(all[..cut].to_vec()).expect("text");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        (status, head.to_lowercase(), all[cut + 4..].to_vec())
    }
}

fn everything(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(everything(&path));
        } else {
            all.extend(path.file_name().expect("a name").as_encoded_bytes());
            all.extend(std::fs::read(path).expect("read"));
        }
    }
    all
}

#[tokio::test]
async fn what_was_uploaded_is_given_to_whoever_has_the_id_and_opens_with_the_key_alone() {
    let world = World::start().await;
    let shop = world.shop(&world.token);
    assert_eq!(put(&shop, &ID, 90, sealed()).await, Outcome::Sent);
    assert_eq!(
        put(&shop, &ID, 90, sealed()).await,
        Outcome::Sent,
        "silence is followed by another try"
    );
    let (status, head, body) = world.get(&format!("/d/{ID_TEXT}")).await;
    assert_eq!(status, 200);
    assert_eq!(open(&body, &[1; 32], &ID), Some(bundle()));
    for header in [
        "x-robots-tag: noindex",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "default-src 'none'",
    ] {
        assert!(head.contains(header), "{header} is missing: {head}");
    }
    assert!(!head.contains("set-cookie"), "{head}");
    let disk = everything(world.folder.path());
    for clear in [&b"Aepfel"[..], b"Beleg", b"%PDF", world.token.as_bytes()] {
        assert!(
            !disk.windows(clear.len()).any(|w| w == clear),
            "the host can read {:?}",
            String::from_utf8_lossy(clear)
        );
    }
}

#[tokio::test]
async fn the_page_is_the_same_for_every_id_and_loads_nothing_from_elsewhere() {
    let world = World::start().await;
    put(&world.shop(&world.token), &ID, 90, sealed()).await;
    let (_, _, there) = world.get(&format!("/r/{ID_TEXT}")).await;
    let (_, _, not_there) = world.get("/r/AAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(there, not_there);
    let mut all = String::from_utf8(there).expect("text");
    for file in ["/receipt.js", "/receipt.css"] {
        let (status, _, text) = world.get(file).await;
        assert_eq!(status, 200);
        all.push_str(&String::from_utf8(text).expect("text"));
    }
    let foreign = all.replace("http://www.w3.org/2000/svg", "");
    assert!(
        !foreign.contains("http://")
            && !foreign.contains("https://")
            && !foreign.contains("innerHTML")
    );
    assert!(!all.contains("localStorage") && !all.contains("document.cookie"));
}

#[tokio::test]
async fn it_is_kept_for_its_time_and_no_longer() {
    let world = World::start().await;
    put(&world.shop(&world.token), &ID, 90, sealed()).await;
    let day = 24 * 3_600;
    world.now.fetch_add(90 * day - 1, Ordering::Relaxed);
    assert_eq!(world.get(&format!("/d/{ID_TEXT}")).await.0, 200);
    world.now.fetch_add(1, Ordering::Relaxed);
    assert_eq!(world.get(&format!("/d/{ID_TEXT}")).await.0, 404);
    world.host.tidy();
    assert_eq!(std::fs::read_dir(world.folder.path().join("sealed")).expect("read").count(), 0);
}

#[tokio::test]
async fn nobody_uploads_without_a_token_or_what_is_no_receipt_or_for_a_short_time() {
    let world = World::start().await;
    let stranger = put(&world.shop("falsch"), &ID, 90, sealed()).await;
    assert_eq!(stranger, Outcome::NotSent { why: "login", again: true });
    let shop = world.shop(&world.token);
    let refused = Outcome::NotSent { why: "refused", again: false };
    assert_eq!(put(&shop, &ID, 90, b"<html>".to_vec()).await, refused);
    assert_eq!(put(&shop, &ID, 89, sealed()).await, refused);
    assert_eq!(put(&shop, &ID, 3_661, sealed()).await, refused);
    let large = [sealed(), vec![0; LARGEST]].concat();
    assert_eq!(
        put(&shop, &ID, 90, large).await,
        Outcome::NotSent { why: "too_large", again: false }
    );
    let other = Tokens::add(&world.folder.path().join("tokens"), "anderer").expect("a token");
    assert_eq!(put(&shop, &ID, 90, sealed()).await, Outcome::Sent);
    assert_eq!(put(&world.shop(&other), &ID, 90, sealed()).await, refused, "it is another shop's");
}

#[tokio::test]
async fn whoever_tries_ids_is_held_off() {
    let world = World::start().await;
    put(&world.shop(&world.token), &ID, 90, sealed()).await;
    for tried in 0..30 {
        let (status, _, _) = world.get(&format!("/d/{tried:022}")).await;
        assert_eq!(status, 404, "try {tried}");
    }
    assert_eq!(world.get(&format!("/d/{ID_TEXT}")).await.0, 429, "also of what there is");
    world.now.fetch_add(61, Ordering::Relaxed);
    assert_eq!(world.get(&format!("/d/{ID_TEXT}")).await.0, 200);
    for bad in ["/d/", "/d/..%2f..%2ftokens", "/d/x", "/tokens", "/", "/d"] {
        assert_eq!(world.get(bad).await.0, 404, "{bad}");
    }
}
