//! The program is killed in mid-sale, again and again, on the same file: what was answered is there.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use domain::CommandId;
use serde_json::{Value, json};
use sim::build::{Built, PIN, Plan, item_code};
use sim::client::Client;
use sim::process::Shop;
use sim::random::Random;

use crate::kit::{Folder, Ids, program};

const TILLS: u16 = 4;
const ITEMS: u32 = 40;

/// A command and what was said to it.
#[derive(Clone)]
struct Answered {
    id: String,
    body: String,
    entries: Value,
    receipt: Value,
}

/// Somebody at a till, through all rounds.
struct Cashier {
    till: u16,
    cookie: String,
    ids: Ids,
    answered: Vec<Answered>,
    /// Sent; the program was killed before it answered.
    open: Option<(String, String)>,
    lines: u32,
}

impl Cashier {
    fn new(shop: &Shop, till: u16) -> Cashier {
        let mut client = Client::connect(shop.address).expect("a connection");
        let body = json!({"person": 1, "pin": PIN});
        client
            .ok("POST", &format!("/api/v1/tills/{till}/sign-in"), Some(&body))
            .expect("signed in");
        let cookie = client.cookie().expect("a session").to_owned();
        let ids = Ids::new(u64::from(till) * 1_000_003);
        Cashier { till, cookie, ids, answered: Vec::new(), open: None, lines: 0 }
    }

    /// Sells until the program is gone, and tells of each answer.
    fn round(&mut self, address: std::net::SocketAddr, told: &Sender<()>) {
        let Ok(mut client) = Client::connect(address) else { return };
        client.set_cookie(&self.cookie);
        if self.know_again(&mut client).is_none() {
            return;
        }
        loop {
            let (id, body) = self.open.take().unwrap_or_else(|| self.next());
            match self.send(&mut client, &id, &body) {
                None => {
                    self.open = Some((id, body));
                    return;
                }
                Some((200, answer)) => {
                    let paid = answer["receipt"].is_object();
                    self.lines = if paid { 0 } else { self.lines + 1 };
                    let (entries, receipt) = (answer["entries"].clone(), answer["receipt"].clone());
                    self.answered.push(Answered { id, body, entries, receipt });
                    let _ = told.send(());
                }
                Some((422, _)) => self.lines = 0,
                Some((status, answer)) => panic!("till {}: {status} {answer}", self.till),
            }
        }
    }

    /// The last answers of the round before are given again, and not for anything new.
    fn know_again(&self, client: &mut Client) -> Option<()> {
        for before in self.answered.iter().rev().take(3) {
            let (status, answer) = self.send(client, &before.id, &before.body)?;
            assert_eq!(
                (status, &answer["repeated"]),
                (200, &json!(true)),
                "{}: {answer}",
                before.body
            );
            assert_eq!(
                (&answer["entries"], &answer["receipt"]),
                (&before.entries, &before.receipt)
            );
        }
        Some(())
    }

    fn send(&self, client: &mut Client, id: &str, body: &str) -> Option<(u16, Value)> {
        let text = format!(r#"{{"id":"{id}",{body}}}"#);
        let path = format!("/api/v1/tills/{}/commands", self.till);
        let status = client.send("POST", &path, Some(&text)).ok()?;
        client.json().ok().map(|answer| (status, answer))
    }

    fn next(&mut self) -> (String, String) {
        let random = self.ids.random();
        let body = match random.below(12) {
            0 => r#""type":"paid_in","amount":{"amount":100,"currency":"EUR"},"reason":"Wechselgeld""#.to_owned(),
            1 => r#""type":"no_sale","reason":"Wechselgeld""#.to_owned(),
            _ if self.lines >= 3 => r#""type":"pay_cash""#.to_owned(),
            _ => {
                let n = u32::try_from(random.below(u64::from(ITEMS))).expect("small") + 1;
                format!(r#""type":"scan","code":"{}""#, item_code(n))
            }
        };
        (self.ids.next(), body)
    }
}

fn shop_file(file: &Path) {
    let mut built =
        Built::create(file, Plan { seed: 21, tills: TILLS, items: ITEMS }).expect("a shop");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let hash = runtime.block_on(shop::auth::Secrets::default().hash(PIN)).expect("a hash");
    built.set_pin(hash).expect("a PIN");
    for till in 1..=TILLS {
        built.open_till(till).expect("open");
    }
    built.close();
}

/// Kills the program after a random number of answers, while others are under way.
fn one_round(file: &Path, cashiers: &mut Option<Vec<Cashier>>, random: &mut Random) {
    let shop = Shop::start(program(), file).expect("it starts again");
    let address = shop.address;
    let people = cashiers
        .take()
        .unwrap_or_else(|| (1..=TILLS).map(|till| Cashier::new(&shop, till)).collect());
    let (told, answers): (Sender<()>, Receiver<()>) = channel();
    let threads: Vec<_> = people
        .into_iter()
        .map(|mut cashier| {
            let told = told.clone();
            std::thread::spawn(move || {
                cashier.round(address, &told);
                cashier
            })
        })
        .collect();
    drop(told);
    for _ in 0..random.below(60) {
        // All of them gone means that something is wrong; their threads will say what.
        if answers.recv().is_err() {
            break;
        }
    }
    // A few more bytes of what is under way, or none.
    for _ in 0..random.below(2_000) {
        std::thread::yield_now();
    }
    shop.kill().expect("killed");
    *cashiers = Some(threads.into_iter().map(|t| t.join().expect("a cashier")).collect());
}

fn rounds(count: u32) {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    shop_file(&file);
    let mut random = Random::new(u64::from(count));
    let mut cashiers = None;
    for _ in 0..count {
        one_round(&file, &mut cashiers, &mut random);
    }
    let book = sim::invariants::check(&file).unwrap_or_else(|e| panic!("{e:#}"));
    let mut answered = 0;
    for cashier in cashiers.iter().flatten() {
        let mut receipts = 0;
        for one in &cashier.answered {
            let id = CommandId(one.id.parse().expect("a UUID"));
            let entries = book.command(id).map(|(first, last)| json!([first, last]));
            assert_eq!(
                entries.as_ref(),
                Some(&one.entries),
                "{} was answered, and is lost",
                one.body
            );
            receipts = receipts.max(one.receipt["number"].as_u64().unwrap_or(0));
            answered += 1;
        }
        // One more may have been recorded without an answer.
        let last = book.last_receipt(domain::TillId(cashier.till));
        assert!((receipts..=receipts + 1).contains(&last), "{receipts} {last}");
    }
    println!(
        "{count} rounds: {answered} answers, {} entries, {} receipts",
        book.entries, book.receipts
    );
    assert!(answered > usize::try_from(count).expect("small") * 10);
}

#[test]
fn sigkill_200_rounds() {
    rounds(200);
}
