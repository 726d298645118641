//! The bank's file from the command line: it pays what waits, once; and says what it cannot read.

use serde_json::json;

use crate::kit::{Folder, Ids, done, ok, said, set_up, sign_in, start, tresen};

#[test]
fn a_file_of_the_bank_is_taken_in_from_the_command_line_once() {
    let folder = Folder::new();
    let (file, mut ids) = (folder.file("shop.sqlite"), Ids::new(5));
    let shop = start(&file);
    let mut office = set_up(&shop);
    let mut settings = office.ok("GET", "/api/v1/settings", None).expect("settings");
    settings.as_object_mut().expect("an object").remove("revision");
    settings["bank"] = json!({"iban": "DE89370400440532013000", "holder": "Hofladen"});
    let configure = json!({"id": ids.next(), "type": "configure", "settings": settings});
    office.ok("POST", "/api/v1/shop/commands", Some(&configure)).expect("configured");
    let mut till = sign_in(&shop);
    let euros = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    done(&mut till, &mut ids, json!({"type": "open_day", "float": euros(10_000)}));
    let goods = json!({"type": "sell_unknown", "group": 1, "price": euros(1_890)});
    done(&mut till, &mut ids, goods);
    let asked = done(&mut till, &mut ids, json!({"type": "pay_transfer"}));
    let reference = asked["view"]["transfer"]["reference"].as_str().expect("a text").to_owned();
    shop.kill().expect("killed");

    let list = folder.file("umsaetze.csv");
    let rows =
        format!("Buchungstag;Verwendungszweck;Betrag\n23.11.2026;{reference};18,90\nx;y;1,00\n");
    std::fs::write(&list, rows).expect("written");
    let import = || tresen(&["import", "bank", "--file"], &[&file, &list]);
    let first = said(&import());
    assert!(first.contains("1 paid") && first.contains("1 not readable"), "{first}");
    assert!(first.contains("line 2: bad_date"), "{first}");
    let again = said(&import());
    assert!(again.contains("0 paid") && again.contains("1 known already"), "{again}");
    ok(&["verify", "--tables"], &file);

    let broken = folder.file("camt.xml");
    std::fs::write(&broken, "<Document><BkToCstmrStmt>").expect("written");
    let output = tresen(&["import", "bank", "--file"], &[&file, &broken]);
    assert!(!output.status.success());
    assert!(said(&output).contains("broken at byte"), "{}", said(&output));
    let nowhere = folder.file("none.sqlite");
    let output = tresen(&["import", "bank", "--file"], &[&nowhere, &list]);
    assert!(!output.status.success() && !nowhere.exists(), "{}", said(&output));
}
