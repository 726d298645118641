//! What the program says to whoever started it, and what a backup holds, after a terminal told whole card numbers.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use payment::simulator::{Fault, TEST_PAN, TEST_TRACK_2};
use serde_json::json;
use sim::build::{PIN, item_code};
use sim::client::Client;

use crate::ending::shop_with_terminal;
use crate::kit::{Folder, Ids, command, done, ok, program};

/// Rows of 13 to 19 digits that pass the check of card numbers.
fn numbers(text: &str) -> Vec<&str> {
    let rows = text.split(|c: char| !c.is_ascii_digit());
    rows.filter(|row| (13..=19).contains(&row.len()) && gs1::luhn(row)).collect()
}

fn holds(bytes: &[u8], planted: &str) -> bool {
    bytes.windows(planted.len()).any(|window| window == planted.as_bytes())
}

/// Waits until the payment is over, for a minute at most.
fn settled(client: &mut Client) {
    for _ in 0..3_000 {
        let view = client.ok("GET", "/api/v1/tills/1", None).expect("a view");
        if view["basket"].is_null() || view["payment"]["truth"] == "not_charged" {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    panic!("the payment never ended");
}

#[test]
fn neither_what_the_program_says_nor_a_backup_holds_a_card_number() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let terminal = shop_with_terminal(&runtime, &file);
    let controls = terminal.controls();
    runtime.block_on(controls.leak(true));
    runtime.block_on(controls.automatic(Some(0)));
    let (out, errors) = (folder.file("out"), folder.file("err"));
    let to = |path: &Path| Stdio::from(File::create(path).expect("a file"));
    let mut child = Command::new(program())
        .args(["--language", "en", "run", "--listen", "127.0.0.1:0", "--file"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(to(&out))
        .stderr(to(&errors))
        .spawn()
        .expect("the program runs");
    let text = |path: &Path| std::fs::read_to_string(path).expect("what it said");
    let address = (0..3_000)
        .find_map(|_| {
            std::thread::park_timeout(Duration::from_millis(20));
            let said = text(&out);
            let whole = said.lines().find_map(|line| line.strip_prefix("listening on http://"));
            whole.and_then(|rest| rest.trim().parse().ok())
        })
        .expect("it listens");
    let mut client = Client::connect(address).expect("a connection");
    let body = json!({"person": 1, "pin": PIN});
    client.ok("POST", "/api/v1/tills/1/sign-in", Some(&body)).expect("signed in");
    let mut ids = Ids::new(11);
    for fault in [None, Fault::named("decline"), Fault::named("lost_after_commit")] {
        runtime.block_on(controls.choose(fault));
        done(&mut client, &mut ids, json!({"type": "scan", "code": item_code(1)}));
        done(&mut client, &mut ids, json!({"type": "pay_card"}));
        settled(&mut client);
        if fault == Fault::named("decline") {
            done(&mut client, &mut ids, json!({"type": "abort_basket"}));
        }
    }
    done(&mut client, &mut ids, json!({"type": "scan", "code": item_code(1)}));
    for swiped in [format!(";{TEST_TRACK_2}?"), format!("Karte {TEST_PAN}")] {
        let note = json!({"type": "note", "text": swiped});
        let (status, answer) = command(&mut client, &ids.next(), note);
        assert_eq!(status, 422, "{answer}");
        assert!(!answer.to_string().contains(TEST_PAN));
    }
    drop(client);
    let backup = folder.file("backup.sqlite");
    let copied = ok(&["backup", backup.to_str().expect("a path")], &file);
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(asked.expect("it is asked to end").success());
    assert!(child.wait().expect("it ends").success());
    let said = [text(&out), text(&errors), copied].concat();
    // In a hash some digits follow each other by chance.
    let hash = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = said.split([' ', '\n', ':']).filter(|word| !hash(word));
    let said = words.collect::<Vec<_>>().join(" ");
    assert_eq!(numbers(&said), Vec::<&str>::new(), "{said}");
    let bytes = std::fs::read(&backup).expect("the backup");
    for planted in [TEST_PAN, TEST_TRACK_2] {
        assert!(!holds(&bytes, planted), "in the backup");
    }
    // It is the day that it claims to be.
    assert!(holds(&bytes, &TEST_PAN[TEST_PAN.len() - 4..]), "the last four digits are kept");
    println!(
        "{} bytes of a backup and {} of what was said looked through",
        bytes.len(),
        said.len()
    );
}
