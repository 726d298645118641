//! A day of a shop with real items, through the API alone: imported, sold, closed, verified, rebuilt,
//! backed up and restored. And the large catalogue, from the command line.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sim::client::Client;
use sim::process::{Shop, status_bytes};
use sim::random::Random;
use store::Reader;

use crate::kit::{Folder, Ids, done, ok, program, said, set_up, sign_in, start, tresen};

const RECEIPTS: u64 = 500;

/// A catalogue and the codes in it: real items where there are some, made ones elsewhere.
fn catalogue() -> (Vec<u8>, Vec<String>) {
    let real = sim::shared_data().map(|data| data.join("catalogue").join("dach.csv"));
    if let Some(csv) = real.and_then(|file| std::fs::read(file).ok()) {
        let text = String::from_utf8_lossy(&csv).into_owned();
        let codes = text.lines().skip(1).filter_map(|line| line.split(';').next());
        let codes = codes.filter(|code| gs1::is_valid_gtin(code)).map(str::to_owned).collect();
        return (csv, codes);
    }
    println!(
        "shared/data/catalogue/dach.csv is not here: 2,000 made items instead of 72,000 real ones"
    );
    let mut csv = "GTIN;Bezeichnung;Preis;MwSt;Warengruppe;Mindestalter;Pfand\n".to_owned();
    let codes: Vec<String> = (1..=2_000).map(sim::build::item_code).collect();
    for (n, code) in codes.iter().enumerate() {
        let age = if n % 50 == 0 { "16" } else { "" };
        let deposit = if n % 20 == 0 { "0,25" } else { "" };
        let price = n % 900 + 10;
        csv.push_str(&format!(
            "{code};Ware {n};{},{:02};7;Lebensmittel;{age};{deposit}\n",
            price / 100,
            price % 100
        ));
    }
    (csv.into_bytes(), codes)
}

#[expect(clippy::disallowed_methods, reason = "asks another process again after a while")]
pub(crate) fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}

/// Asks for an import until it is no longer at work.
pub(crate) fn import_done(office: &mut Client, id: &Value) -> Value {
    // Two minutes at least: a bound for what hangs, not for what is slow.
    for _ in 0..6_000 {
        let status = office.ok("GET", &format!("/api/v1/imports/{id}"), None).expect("a status");
        if !matches!(status["state"].as_str(), Some("analysing" | "applying")) {
            return status;
        }
        pause();
    }
    panic!("the import does not end")
}

fn import(office: &mut Client, csv: &[u8]) -> u64 {
    let status = office.upload("/api/v1/imports?name=dach.csv", csv).expect("uploaded");
    let begun = office.json().expect("JSON");
    assert_eq!(status, 200, "{begun}");
    let ready = import_done(office, &begun["id"]);
    assert_eq!(ready["state"], "ready", "{}", ready["failure"]);
    let path = format!("/api/v1/imports/{}/apply", begun["id"]);
    office.ok("POST", &path, Some(&json!({"keep_good": true}))).expect("begun");
    let done = import_done(office, &begun["id"]);
    assert_eq!(done["state"], "done", "{}", done["failure"]);
    done["outcome"]["new"].as_u64().expect("a count")
}

/// The cashier of the day.
struct Day {
    till: Client,
    ids: Ids,
    random: Random,
    codes: Vec<String>,
    turnover: i64,
    returns: u64,
    unknown: u32,
}

impl Day {
    fn scan_some(&mut self) {
        let lines = self.random.below(4) + 1;
        let mut on = 0;
        while on < lines {
            let code = self.random.pick(&self.codes).expect("codes").clone();
            let mut scan = json!({"type": "scan", "code": code});
            if self.random.below(5) == 0 {
                scan["quantity"] = json!((self.random.below(4) + 1) * 1_000);
            }
            let (status, answer) = crate::kit::command(&mut self.till, &self.ids.next(), scan);
            match (status, answer["code"].as_str()) {
                (200, _) => on += 1,
                // A line of the file that was left out for its errors.
                (422, Some("unknown_code")) => self.unknown += 1,
                _ => panic!("{code}: {status} {answer}"),
            }
        }
    }

    fn receipt(&mut self, n: u64) {
        let only_return = n % 20 == 19;
        if !only_return {
            self.scan_some();
        }
        if n % 10 == 3 {
            // The last line that takes one.
            let view = self.till.ok("GET", "/api/v1/tills/1", None).expect("a view");
            let lines = view["basket"]["lines"].as_array().cloned().unwrap_or_default();
            let line =
                lines.iter().rev().find(|l| l["discountable"] == true && l["base"]["amount"] != 0);
            if let Some(line) = line {
                let discount = json!({"kind": "percent", "basis_points": 500});
                let body = json!({"type": "discount_line", "line": line["line"], "discount": discount, "reason": "Kulanz"});
                done(&mut self.till, &mut self.ids, body);
            }
        }
        if n % 15 == 4 && !only_return {
            let discount = json!({"kind": "percent", "basis_points": 300});
            let body =
                json!({"type": "discount_receipt", "discount": discount, "reason": "Kulanz"});
            done(&mut self.till, &mut self.ids, body);
        }
        if n % 25 == 5 {
            let parked =
                done(&mut self.till, &mut self.ids, json!({"type": "park", "name": "Frau Öz"}));
            let basket = parked["view"]["parked"][0]["id"].clone();
            done(&mut self.till, &mut self.ids, json!({"type": "recall", "basket": basket}));
        }
        if n % 20 > 17 {
            // Each of them once: the receipts ten before are sales.
            let receipt = json!({"till": 1, "number": n - 9});
            done(
                &mut self.till,
                &mut self.ids,
                json!({"type": "return_line", "receipt": receipt, "line": 1}),
            );
            self.returns += 1;
        }
        self.pay(n);
    }

    fn pay(&mut self, n: u64) {
        let view = self.till.ok("GET", "/api/v1/tills/1", None).expect("a view");
        let basket = &view["basket"];
        if let Some(age) = basket["age_needed"].as_u64() {
            done(&mut self.till, &mut self.ids, json!({"type": "confirm_age", "age": age}));
        }
        let due = basket["cash_due"]["amount"].as_i64().expect("an amount");
        let mut pay = json!({"type": "pay_cash"});
        if due > 1 && n.is_multiple_of(3) {
            // In two parts, the second with change.
            let part =
                json!({"type": "pay_cash", "tendered": {"amount": due / 2, "currency": "EUR"}});
            done(&mut self.till, &mut self.ids, part);
            pay["tendered"] = json!({"amount": due + 1_000, "currency": "EUR"});
        }
        let paid = done(&mut self.till, &mut self.ids, pay);
        assert_eq!(paid["receipt"], json!({"till": 1, "number": n + 1}), "numbered without gaps");
        self.turnover += paid["view"]["last_receipt"]["total"]["amount"].as_i64().expect("a total");
    }
}

#[test]
fn five_hundred_receipts_of_real_items_through_the_api() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let shop = start(&file);
    let mut office = set_up(&shop);
    let (csv, codes) = catalogue();
    let imported = import(&mut office, &csv);
    assert!(
        imported * 10 > u64::try_from(codes.len()).expect("small") * 9,
        "{imported} of {}",
        codes.len()
    );

    let till = sign_in(&shop);
    let (ids, random) = (Ids::new(500), Random::new(500));
    let mut day = Day { till, ids, random, codes, turnover: 0, returns: 0, unknown: 0 };
    let float = json!({"type": "open_day", "float": {"amount": 20_000, "currency": "EUR"}});
    done(&mut day.till, &mut day.ids, float);
    for n in 0..RECEIPTS {
        day.receipt(n);
    }
    assert!(
        day.returns >= 45 && day.unknown < 100,
        "{} returns, {} unknown",
        day.returns,
        day.unknown
    );
    close(&mut day, &mut office);
    println!("{imported} items, turnover {} cents", day.turnover);
    afterwards(&folder, &file, shop);
}

/// The drawer holds what was sold; the Z report says so.
fn close(day: &mut Day, office: &mut Client) {
    let x = day.till.ok("GET", "/api/v1/tills/1/x-report", None).expect("an X report");
    assert_eq!(x["day"]["totals"]["receipts"]["amount"], day.turnover);
    let count =
        json!({"type": "count_drawer", "pieces": [{"value": 20_000 + day.turnover, "pieces": 1}]});
    done(&mut day.till, &mut day.ids, count);
    done(&mut day.till, &mut day.ids, json!({"type": "close_day"}));
    let z = office.ok("GET", "/api/v1/days/1/1", None).expect("a Z report");
    let text = z.to_string();
    assert!(text.contains("\"difference\":0"), "{text}");
    assert!(text.contains(&format!("\"count\":{RECEIPTS}")), "{text}");
}

fn afterwards(folder: &Folder, file: &Path, shop: Shop) {
    // Beside the running shop.
    let backup = folder.file("backup.sqlite");
    ok(&["backup", backup.to_str().expect("text")], file);
    assert!(ok(&["verify"], file).contains("Sound"));
    shop.kill().expect("killed");

    let tables = Reader::open(file).expect("a reader").dump_tables().expect("tables");
    ok(&["rebuild"], file);
    let rebuilt = Reader::open(file).expect("a reader").dump_tables().expect("tables");
    for (before, after) in tables.iter().zip(&rebuilt) {
        assert!(before == after, "{} differs from the journal", before.0);
    }
    let book = sim::invariants::check(file).unwrap_or_else(|e| panic!("{e:#}"));
    assert_eq!(book.receipts, RECEIPTS);

    let restored = folder.file("restored.sqlite");
    let output = tresen(&["restore"], &[&backup, &restored]);
    assert!(output.status.success(), "{}", said(&output));
    let report = ok(&["verify", "--tables"], &restored);
    assert!(report.contains("Every table equals the journal"), "{report}");
    let forged = folder.file("forged.sqlite");
    std::fs::copy(&restored, &forged).expect("copied");
    let conn = rusqlite::Connection::open(&forged).expect("opened");
    conn.execute("UPDATE receipt SET total = total + 1 WHERE number = 2", []).expect("forged");
    drop(conn);
    let output = tresen(&["verify", "--tables", "--file"], &[&forged]);
    assert!(!output.status.success());
    assert!(said(&output).contains("differs from the journal: table receipt"), "{}", said(&output));
    let again = start(&restored);
    assert_eq!(again.setup_code, None, "its people can sign in");
    let mut till = sign_in(&again);
    let view = till.ok("GET", "/api/v1/tills/1", None).expect("a view");
    assert_eq!(view["next_receipt"], RECEIPTS + 1);
}

#[test]
fn the_large_catalogue_is_imported_from_the_command_line() {
    let Some(data) = sim::shared_data() else {
        println!("skipped: shared/data/catalogue/world.csv.xz is not here");
        return;
    };
    let folder = Folder::new();
    let (file, csv) = (folder.file("shop.sqlite"), folder.file("world.csv"));
    let packed =
        std::fs::File::open(data.join("catalogue").join("world.csv.xz")).expect("the catalogue");
    let mut text = Vec::new();
    liblzma::read::XzDecoder::new(packed).read_to_end(&mut text).expect("unpacked");
    let lines = text.iter().filter(|b| **b == b'\n').count();
    std::fs::write(&csv, text).expect("written");
    let shop = start(&file);
    set_up(&shop);
    shop.kill().expect("killed");

    let mut child = Command::new(program())
        .args(["import", "--keep-good", "--file"])
        .args([&file, &csv])
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    let mut highest = 0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        highest = highest.max(status_bytes(child.id(), "VmHWM:").unwrap_or(highest));
        pause();
    };
    assert!(status.success());
    let items = Reader::open(&file).expect("a reader").item_count().expect("a count");
    println!("{items} items of {lines} lines, {} MB at most", highest / 1_000_000);
    assert!(items > 700_000 && highest < 300_000_000, "{items} items, {highest} bytes");
}
