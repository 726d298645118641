//! What nobody should do to the program: each gets a clear error, and nothing is lost.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sim::build::{Built, PIN as BUILT_PIN, Plan, item_code};
use sim::client::Client;
use sim::process::Shop;
use store::Store;

use crate::kit::{Folder, Ids, command, done, ok, program, said, set_up, sign_in, start, tresen};

/// A command line that must fail with exit code 1 and these words.
#[track_caller]
fn fails(args: &[&str], files: &[&Path], words: &str) {
    let output = tresen(args, files);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", said(&output));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(words), "{args:?} says: {error}");
    assert!(!error.contains("panicked"), "{error}");
}

#[test]
fn a_second_program_on_the_same_file_is_told_and_the_first_goes_on() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let shop = start(&file);
    let mut office = set_up(&shop);
    fails(&["run", "--listen", "127.0.0.1:0", "--file"], &[&file], "is in use");
    fails(&["rebuild", "--file"], &[&file], "is in use");
    fails(&["import", "--file"], &[&file, &folder.file("none.csv")], "is in use");
    office.ok("GET", "/api/v1/settings", None).expect("the first one still answers");
    // An address that is taken.
    let address = shop.address.to_string();
    let other = folder.file("other.sqlite");
    fails(&["run", "--listen", &address, "--file"], &[&other], "listen on");
}

#[test]
fn a_file_that_is_no_shop_is_told_and_left_as_it_is() {
    let folder = Folder::new();
    let letter = folder.file("letter.txt");
    let text = "Sehr geehrte Damen und Herren, ".repeat(200);
    std::fs::write(&letter, &text).expect("written");
    let nothing = folder.file("nothing.sqlite");
    for verb in ["run", "verify", "rebuild"] {
        let args: &[&str] = match verb {
            "run" => &["run", "--listen", "127.0.0.1:0", "--file"],
            "verify" => &["verify", "--file"],
            _ => &["rebuild", "--file"],
        };
        fails(args, &[&letter], "is not a database");
        assert_eq!(std::fs::read_to_string(&letter).expect("there"), text);
        if verb != "run" {
            fails(args, &[&nothing], "does not exist");
            assert!(!nothing.exists());
        }
    }
    let csv = folder.file("items.csv");
    std::fs::write(&csv, "GTIN;Name;Preis\n").expect("written");
    fails(&["import", "--file"], &[&nothing, &csv], "does not exist");
    assert!(!nothing.exists(), "a mistyped name is no new shop");
    let empty = folder.file("empty");
    std::fs::write(&empty, "").expect("written");
    fails(&["run", "--listen", "127.0.0.1:0", "--file"], &[&empty], "another program");
    assert_eq!(tresen(&["sell"], &[]).status.code(), Some(2), "a word that is no command");
}

#[test]
fn a_file_from_before_names_lay_apart_is_told_and_left_as_it_is() {
    let folder = Folder::new();
    let file = folder.file("old.sqlite");
    built(&file);
    // The schema's number stands in the file's head.
    let mut bytes = std::fs::read(&file).expect("there");
    bytes[60..64].copy_from_slice(&1_u32.to_be_bytes());
    std::fs::write(&file, &bytes).expect("written");
    let words = "made before the first release";
    fails(&["run", "--listen", "127.0.0.1:0", "--file"], &[&file], words);
    for verb in ["verify", "rebuild"] {
        fails(&[verb, "--file"], &[&file], words);
    }
    fails(&["restore"], &[&file, &folder.file("new.sqlite")], words);
    assert_eq!(std::fs::read(&file).expect("there"), bytes);
}

/// Gives person 1 somebody else's sealed name, as one who changes the file by hand.
fn edit_a_name(file: &Path) {
    let mut store = Store::open(file).expect("a shop");
    let row = store.personal("name").expect("read").remove(0);
    let key = row.key.expect("a key").try_into().expect("32 bytes");
    let mut sealed = row.sealed.expect("a name");
    *sealed.last_mut().expect("not empty") ^= 1;
    store.begin().expect("begun");
    store.put_personal(row.subject, &key, "name", &sealed).expect("put");
    store.commit().expect("committed");
}

#[test]
fn a_name_that_was_edited_is_told_in_both_languages_and_backups_are_made_all_the_same() {
    let folder = Folder::new();
    let (file, backup) = (folder.file("shop.sqlite"), folder.file("backup.sqlite"));
    built(&file);
    assert!(ok(&["verify"], &file).contains("Sound"));
    ok(&["backup", backup.to_str().expect("text")], &file);
    edit_a_name(&file);
    let words = [
        ("en", "Name of person 1: edited", "names do not fit the journal"),
        ("de", "Name von Person 1: verändert", "Namen passen nicht zum Journal"),
    ];
    for (language, whose, error) in words {
        let mut command = Command::new(program());
        command.args(["--language", language, "verify", "--file"]).arg(&file);
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        for words in [whose, error] {
            assert!(said(&output).contains(words), "{}", said(&output));
        }
    }
    let bad = folder.file("bad.sqlite");
    let said_so = ok(&["backup", bad.to_str().expect("text")], &file);
    assert!(said_so.contains("Name of person 1: edited"), "{said_so}");
    // What is put back from before is whole, names and all.
    let restored = folder.file("restored.sqlite");
    assert!(tresen(&["restore"], &[&backup, &restored]).status.success());
    assert!(ok(&["verify", "--tables"], &restored).contains("Every table equals"));
    let output = tresen(&["restore"], &[&bad, &folder.file("as-found.sqlite")]);
    assert!(said(&output).contains("Name of person 1: edited"), "{}", said(&output));
}

#[test]
fn a_backup_is_never_written_over_anything_nor_restored_over_anything() {
    let folder = Folder::new();
    let (file, there) = (folder.file("shop.sqlite"), folder.file("there.sqlite"));
    drop(start(&file));
    std::fs::write(&there, "mine").expect("written");
    fails(&["backup", "--file"], &[&file, &there], "exists already");
    ok(&["backup", folder.file("b.sqlite").to_str().expect("text")], &file);
    fails(&["restore"], &[&folder.file("b.sqlite"), &there], "exists already");
    fails(&["restore"], &[&there, &folder.file("new.sqlite")], "not a database");
    assert_eq!(std::fs::read_to_string(&there).expect("there"), "mine");
    assert!(!folder.file("new.sqlite").exists());
}

#[test]
fn a_backup_from_the_command_line_is_noted_in_nobodys_name() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    built(&file);
    ok(&["backup", folder.file("backup.sqlite").to_str().expect("text")], &file);
    let rows = store::Reader::open(&file).expect("a shop").journal(1, 1_000).expect("read");
    let last: Value =
        rows.last().map(|row| serde_json::from_str(&row.bytes).expect("JSON")).expect("an entry");
    assert_eq!(last["kind"], "backup_made");
    assert!(last["person"].is_null(), "{last}");
    assert!(ok(&["verify", "--tables"], &file).contains("Every table equals"));
}

#[test]
fn a_journal_that_was_cut_off_or_written_anew_is_found_by_a_head_noted_elsewhere() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let shop = start(&file);
    drop(set_up(&shop));
    shop.kill().expect("killed");
    let told = ok(&["verify"], &file);
    let head = told.lines().find_map(|l| l.strip_prefix("Head: ")).expect("a head").to_owned();
    let list = folder.file("heads.txt");
    std::fs::write(&list, format!("{head} # on paper\n")).expect("written");
    let backup = folder.file("backup.sqlite");
    let backed_up = ok(&["backup", backup.to_str().expect("text")], &file);
    assert!(backed_up.contains(&format!("Head: {head}")), "{backed_up}");
    for noted in [head.as_str(), list.to_str().expect("text"), backup.to_str().expect("text")] {
        let sound = ok(&["verify", "--anchor", noted], &file);
        assert!(sound.contains("Leads over all heads that were noted: 1"), "{sound}");
    }
    fails(&["verify", "--anchor", "12:ab", "--file"], &[&file], "neither SEQ:HASH nor a file");

    // Whoever can write the file can make all of it fit itself again: the chain, the tables, the anchors.
    let cut = folder.file("cut.sqlite");
    let forge = |sql: &str| {
        let _ = std::fs::remove_file(&cut);
        std::fs::copy(&backup, &cut).expect("copied");
        let conn = rusqlite::Connection::open(&cut).expect("opened");
        conn.execute_batch(
            "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DELETE FROM anchor",
        )
        .expect("its guards are off");
        conn.execute_batch(sql).expect("forged");
        let mut chain = [0_u8; 32];
        let mut rows = conn.prepare("SELECT seq, bytes FROM journal ORDER BY seq").expect("rows");
        let rows: Vec<(i64, String)> = rows
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("read")
            .map(Result::unwrap)
            .collect();
        for (seq, bytes) in rows {
            chain = journal::hash(&chain, bytes.as_bytes());
            let row = rusqlite::params![chain.as_slice(), seq];
            conn.execute("UPDATE journal SET hash = ?1 WHERE seq = ?2", row).expect("chained");
        }
    };
    let last: u64 = head.split(':').next().and_then(|seq| seq.parse().ok()).expect("a number");
    forge(&format!(
        "DELETE FROM journal WHERE seq = {last}; DELETE FROM command WHERE last = {last}"
    ));
    assert!(ok(&["verify"], &cut).contains("Sound"), "the chain alone does not see it");
    let output = tresen(&["verify", "--anchor", &head, "--file"], &[&cut]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains(&format!("First bad entry: {last}: cut off")),
        "{}",
        said(&output)
    );
    forge("UPDATE journal SET bytes = replace(bytes, '\"name\":\"', '\"name\":\"X') WHERE seq = 1");
    assert!(ok(&["verify"], &cut).contains("Sound"), "the chain alone does not see it");
    let output = tresen(&["verify", "--anchor", &head, "--file"], &[&cut]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("rewritten"), "{}", said(&output));
}

/// Sends bytes as they are and reads what comes back.
fn raw(shop: &Shop, cookie: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(shop.address).expect("a connection");
    let head = format!(
        "POST /api/v1/tills/1/commands HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nConnection: close\r\nContent-Length: {1}\r\n\r\n",
        shop.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    // The program may have answered and closed before it has read everything.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    (status, text)
}

#[test]
fn bodies_that_make_no_sense_are_refused_with_a_code_and_change_nothing() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let shop = start(&file);
    let mut office = set_up(&shop);
    let mut till = sign_in(&shop);
    let mut ids = Ids::new(1);
    done(
        &mut till,
        &mut ids,
        json!({"type": "open_day", "float": {"amount": 0, "currency": "EUR"}}),
    );
    let item = json!({"type": "put_item", "id": ids.next(), "draft": {"number": "1", "name": "Äpfel", "tax": 2,
        "group": 1, "codes": [{"code": "4006381333931"}], "prices": [{"amount": 249}]}});
    office.ok("POST", "/api/v1/shop/commands", Some(&item)).expect("put");
    let seq = |c: &mut Client| c.ok("GET", "/api/v1/health", None).expect("alive")["seq"].clone();
    let before = seq(&mut till);

    let cookie = till.cookie().expect("a session").to_owned();
    let deep = format!("{{\"id\":{}", "[".repeat(60_000));
    let long = format!(
        "{{\"id\":\"{}\",\"type\":\"scan\",\"code\":\"{}\"}}",
        ids.next(),
        "9".repeat(100_000)
    );
    for (body, status, code) in [
        (b"{\"id\":".as_slice(), 400, "malformed_json"),
        (b"", 400, "malformed_json"),
        (b"\xff\xfe{}", 400, "malformed_json"),
        (b"[1,2,3]", 422, "bad_field"),
        (b"{\"id\":\"1\",\"type\":\"scan\",\"code\":\"1\"}", 422, "bad_field"),
        (deep.as_bytes(), 400, "malformed_json"),
        (long.as_bytes(), 413, "too_large"),
    ] {
        let (got, text) = raw(&shop, &cookie, body);
        let said = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(got, status, "{said}: {text}");
        assert!(text.contains(code), "{said}: {text}");
    }
    let euros = |amount: i64| json!({"amount": amount, "currency": "EUR"});
    for (body, code) in [
        (json!({"type": "scan", "code": "4006381333931", "unit_price": 1}), "unknown_field"),
        (json!({"type": "scan", "code": "4006381333931", "quantity": 0}), "out_of_limits"),
        (json!({"type": "scan", "code": "4006381333931", "quantity": -1_000}), "out_of_limits"),
        (json!({"type": "scan", "code": "4006381333931", "quantity": i64::MAX}), "out_of_limits"),
        (json!({"type": "scan", "code": "4006381333931", "quantity": 1.5}), "bad_field"),
        (json!({"type": "scan", "code": "4006381333932"}), "check_digit"),
        (json!({"type": "scan", "code": "\u{0}\u{1b}@"}), "no_code"),
        (json!({"type": "sell_unknown", "group": 1, "price": euros(-1)}), "out_of_limits"),
        (json!({"type": "sell_unknown", "group": 1, "price": euros(i64::MAX)}), "out_of_limits"),
        (
            json!({"type": "sell_unknown", "group": 1, "price": euros(100), "name": "a\u{1b}@\u{0}"}),
            "bad_text",
        ),
        (
            json!({"type": "sell_unknown", "group": 1, "price": {"amount": 1, "currency": "XXX"}}),
            "wrong_currency",
        ),
        (json!({"type": "paid_in", "amount": euros(1), "reason": "\u{202e}"}), "bad_text"),
        (json!({"type": "pay_cash", "tendered": euros(-5)}), "out_of_limits"),
        (
            json!({"type": "count_drawer", "pieces": [{"value": i64::MAX, "pieces": 4_000_000_000_u32}]}),
            "out_of_limits",
        ),
        (json!({"type": "sign_in", "person": 1}), "bad_field"),
        (json!({"type": "explode"}), "bad_field"),
    ] {
        let said = body.to_string();
        let (status, answer) = command(&mut till, &ids.next(), body);
        assert_eq!((status, answer["code"].as_str()), (422, Some(code)), "{said}: {answer}");
    }
    let nul = json!({"type": "put_item", "id": ids.next(), "draft": {"number": "2", "name": "A\u{0}B", "tax": 2, "group": 1}});
    assert_eq!(
        office.send("POST", "/api/v1/shop/commands", Some(&nul.to_string())).expect("an answer"),
        422
    );
    assert_eq!(seq(&mut till), before, "nothing of it was recorded");
    done(&mut till, &mut ids, json!({"type": "scan", "code": "4006381333931"}));
    done(&mut till, &mut ids, json!({"type": "pay_cash"}));
    shop.kill().expect("killed");
    assert_eq!(sim::invariants::check(&file).unwrap_or_else(|e| panic!("{e:#}")).receipts, 1);
}

#[test]
fn a_csv_of_a_million_columns_or_of_noise_is_refused_within_bounds() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    let shop = start(&file);
    set_up(&shop);
    let id = shop.id();
    let mut office = Client::connect(shop.address).expect("a connection");
    let body = json!({"person": "Ada", "passphrase": crate::kit::PASSPHRASE});
    office.ok("POST", "/api/v1/office/sign-in", Some(&body)).expect("signed in");
    let wide = format!("GTIN;Name;Preis{}\n1;2;3\n", ";x".repeat(1_000_000));
    let noise: Vec<u8> =
        (0..300_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for csv in
        [wide.as_bytes(), &noise, b"", b"\n\n\n", "GTIN;Name;Preis\n\"never closed".as_bytes()]
    {
        let status = office.upload("/api/v1/imports?name=bad.csv", csv).expect("an answer");
        let answer = office.json().expect("JSON");
        assert!(status == 200 || status == 422 || status == 413, "{status} {answer}");
        if status == 200 {
            let done = crate::day::import_done(&mut office, &answer["id"]);
            let new = done["preview"]["counts"]["new"].as_u64().unwrap_or(0);
            assert!(done["state"] == "failed" || new == 0, "{done}");
        }
    }
    let highest = sim::process::status_bytes(id, "VmHWM:").expect("a figure");
    assert!(highest < 300_000_000, "{highest} bytes");
    shop.kill().expect("killed");
    let csv = folder.file("wide.csv");
    std::fs::write(&csv, wide).expect("written");
    fails(&["import", "--file"], &[&file, &csv], "line 1 has more than 1000 columns");
    sim::invariants::check(&file).unwrap_or_else(|e| panic!("{e:#}"));
}

#[test]
fn errors_of_a_file_of_items_are_said_by_line_and_column_in_both_languages() {
    let folder = Folder::new();
    let (file, csv) = (folder.file("shop.sqlite"), folder.file("items.csv"));
    let shop = start(&file);
    set_up(&shop);
    shop.kill().expect("killed");
    std::fs::write(&csv, "GTIN;Name;Preis;MwSt\n4006381333932;A;1,00;7\n;B;;7\n").expect("written");
    let words = [
        (
            "en",
            "line 2, column 1 (GTIN): “4006381333932” – The check digit is wrong.",
            "2 lines have errors",
        ),
        (
            "de",
            "Zeile 2, Spalte 1 (GTIN): “4006381333932” – Die Prüfziffer",
            "Zeilen mit Fehlern: 2;",
        ),
    ];
    for (language, line, whole) in words {
        let mut command = Command::new(program());
        command.args(["--language", language, "import", "--file"]).args([&file, &csv]);
        let output = command.output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(line), "{}", said(&output));
        assert!(said(&output).contains(whole), "{}", said(&output));
        assert!(!said(&output).contains('{'), "words, not the program's own: {}", said(&output));
    }
}

/// A small file system of its own, where this user may mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf, size: &str) -> Option<SmallDisk> {
        std::fs::create_dir(&at).expect("a folder");
        let options = format!("size={size}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(SmallDisk(at))
    }

    fn read_only(&self) {
        let again = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status();
        assert!(again.expect("mount runs").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What is still open is let go when it is closed.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn built(file: &Path) {
    let mut built = Built::create(file, Plan { seed: 2, tills: 1, items: 20 }).expect("a shop");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let hash = runtime.block_on(shop::auth::Secrets::default().hash(BUILT_PIN)).expect("a hash");
    built.set_pin(hash).expect("a PIN");
    built.open_till(1).expect("open");
    built.close();
}

fn built_till(shop: &Shop) -> Client {
    let mut client = Client::connect(shop.address).expect("a connection");
    let body = json!({"person": 1, "pin": BUILT_PIN});
    client.ok("POST", "/api/v1/tills/1/sign-in", Some(&body)).expect("signed in");
    client
}

/// Sells until the program says that it cannot record any more; answers what it had said yes to, and
/// the command it said no to.
fn sell_until_full(till: &mut Client, ids: &mut Ids) -> (Vec<(String, Value)>, (String, Value)) {
    let mut answered = Vec::new();
    for n in 0..50_000_u32 {
        let body = match n % 5 {
            4 => json!({"type": "pay_cash"}),
            _ => json!({"type": "scan", "code": item_code(n % 20 + 1)}),
        };
        let id = ids.next();
        let (status, answer) = command(till, &id, body.clone());
        match status {
            200 => answered.push((id, answer["entries"].clone())),
            503 => {
                assert_eq!(answer["code"], "not_stored", "{answer}");
                return (answered, (id, body));
            }
            _ => panic!("{body}: {status} {answer}"),
        }
    }
    panic!("the disk is never full")
}

fn all_there(file: &Path, answered: &[(String, Value)]) {
    let book = sim::invariants::check(file).unwrap_or_else(|e| panic!("{e:#}"));
    for (id, entries) in answered {
        let id = domain::CommandId(id.parse().expect("a UUID"));
        assert_eq!(
            book.command(id).map(|(first, last)| json!([first, last])).as_ref(),
            Some(entries)
        );
    }
}

#[test]
fn a_full_disk_loses_nothing_and_selling_goes_on_when_there_is_room() {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(folder.file("disk"), "3m") else {
        println!("skipped: a full disk (this user may not mount a small one)");
        return;
    };
    let (file, ballast) = (disk.0.join("shop.sqlite"), disk.0.join("ballast"));
    built(&file);
    let shop = Shop::start(program(), &file).expect("it runs");
    let mut till = built_till(&shop);
    let mut ids = Ids::new(3);
    std::fs::write(&ballast, vec![0; 1_500_000]).expect("there is room for it");
    let (answered, (id, body)) = sell_until_full(&mut till, &mut ids);
    assert!(answered.len() > 20, "{}", answered.len());
    // It still shows what it knows, and says no as long as there is no room.
    till.ok("GET", "/api/v1/tills/1", None).expect("a view");
    assert_eq!(command(&mut till, &id, body.clone()).0, 503);
    std::fs::remove_file(&ballast).expect("room");
    let (mut status, mut answer) = command(&mut till, &id, body.clone());
    if status == 503 {
        // The system said more than "full": then the program wants to be started again.
        println!("a start was needed: {answer}");
        shop.kill().expect("killed");
        let shop = Shop::start(program(), &file).expect("it runs");
        let mut till = built_till(&shop);
        (status, answer) = command(&mut till, &id, body);
        shop.kill().expect("killed");
    } else {
        shop.kill().expect("killed");
    }
    assert_eq!((status, &answer["repeated"]), (200, &json!(false)), "{answer}");
    let copy = folder.file("copy.sqlite");
    sim::world::copy_as_found(&file, &copy).expect("copied");
    all_there(&copy, &answered);
}

#[test]
fn a_disk_that_fails_while_writing_loses_nothing() {
    let folder = Folder::new();
    let file = folder.file("shop.sqlite");
    built(&file);
    // A limit of the size of files fails a write in its middle; the signal that would end the program
    // is not wanted.
    let wrapper = folder.file("small-files");
    let script =
        format!("#!/bin/sh\ntrap '' XFSZ\nulimit -f 900\nexec {} \"$@\"\n", program().display());
    std::fs::write(&wrapper, script).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755))
            .expect("executable");
    }
    let shop = Shop::start(&wrapper, &file).expect("it runs");
    let mut till = built_till(&shop);
    let mut ids = Ids::new(4);
    let (answered, (id, body)) = sell_until_full(&mut till, &mut ids);
    assert!(answered.len() > 5, "{}", answered.len());
    // What the system still holds in memory may differ from what is on disk: the program ends by
    // itself and wants to be started again.
    assert!(!shop.wait().expect("it ends").success());
    let shop = Shop::start(program(), &file).expect("it runs without the limit");
    let mut till = built_till(&shop);
    let (status, answer) = command(&mut till, &id, body);
    assert_eq!((status, &answer["repeated"]), (200, &json!(false)), "{answer}");
    shop.kill().expect("killed");
    all_there(&file, &answered);
}

#[test]
fn a_disk_that_cannot_be_written_is_told_at_the_start() {
    let folder = Folder::new();
    let Some(disk) = SmallDisk::mount(folder.file("disk"), "20m") else {
        println!("skipped: a read-only disk (this user may not mount one)");
        return;
    };
    let file = disk.0.join("shop.sqlite");
    built(&file);
    disk.read_only();
    fails(&["run", "--listen", "127.0.0.1:0", "--file"], &[&file], "cannot be written");
    fails(&["rebuild", "--file"], &[&file], "cannot be written");
    let new = disk.0.join("new.sqlite");
    fails(&["run", "--listen", "127.0.0.1:0", "--file"], &[&new], "cannot be written");
}
