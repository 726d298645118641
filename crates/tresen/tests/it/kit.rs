//! The program, a shop set up in it, and clients.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use sim::client::Client;
use sim::process::Shop;
use sim::random::Random;

pub(crate) const PIN: &str = "481592";
pub(crate) const PASSPHRASE: &str = "sieben Birnen im Regen";

/// The program under test.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_tresen"))
}

/// `tresen run` on a file.
pub(crate) fn start(file: &Path) -> Shop {
    Shop::start(program(), file).expect("the program runs")
}

/// A command line, ended.
pub(crate) fn tresen(args: &[&str], files: &[&Path]) -> Output {
    let mut command = Command::new(program());
    command.args(["--language", "en"]).args(args).args(files).stdin(Stdio::null());
    command.output().expect("it runs")
}

pub(crate) fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// `tresen … --file FILE`, which must succeed.
#[track_caller]
pub(crate) fn ok(args: &[&str], file: &Path) -> String {
    let output = tresen(&[args, &["--file"]].concat(), &[file]);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

/// A shop's file in a folder of its own.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Ids for commands, from a seed.
pub(crate) struct Ids {
    random: Random,
    at: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Ids {
        Ids { random: Random::new(seed), at: 1_780_000_000_000 }
    }

    pub(crate) fn next(&mut self) -> String {
        self.at += 1;
        self.random.uuid(self.at).to_string()
    }

    pub(crate) fn random(&mut self) -> &mut Random {
        &mut self.random
    }
}

/// Sets a fresh shop up; answers the manager's session at the office.
pub(crate) fn set_up(shop: &Shop) -> Client {
    let mut office = Client::connect(shop.address).expect("a connection");
    let body = json!({"code": shop.setup_code, "shop_name": "Hofladen", "address": ["Feldweg 1", "12345 Dorf"],
        "country": "DE", "language": "de", "till_name": "Kasse vorn", "person_name": "Ada",
        "passphrase": PASSPHRASE, "pin": PIN});
    office.ok("POST", "/api/v1/setup", Some(&body)).expect("set up");
    office
}

/// A person's session at till 1.
pub(crate) fn sign_in(shop: &Shop) -> Client {
    let mut client = Client::connect(shop.address).expect("a connection");
    let body = json!({"person": 1, "pin": PIN});
    client.ok("POST", "/api/v1/tills/1/sign-in", Some(&body)).expect("signed in");
    client
}

/// A command at till 1: status and answer.
pub(crate) fn command(client: &mut Client, id: &str, mut body: Value) -> (u16, Value) {
    body["id"] = json!(id);
    let text = body.to_string();
    let status = client.send("POST", "/api/v1/tills/1/commands", Some(&text)).expect("an answer");
    (status, client.json().expect("JSON"))
}

/// A command at till 1 that must succeed.
#[track_caller]
pub(crate) fn done(client: &mut Client, ids: &mut Ids, body: Value) -> Value {
    let said = body.to_string();
    let (status, answer) = command(client, &ids.next(), body);
    assert_eq!(status, 200, "{said}: {answer}");
    answer
}
