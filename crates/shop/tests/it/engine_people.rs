//! Names lie apart: the journal never learns them, and who is forgotten is gone.

use domain::people::CredentialKind;
use domain::{Command, Event, PersonId, Role, ShopCommand, TillCommand, TillId};
use shop::engine::{Actor, EngineError};
use shop::personal::check;
use store::Store;

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, count, euros, refused, scan};

const NAMES: [&str; 4] =
    ["Xaverine Zwölfgarten", "Quirin Ypsilanti", "Jelena Œuvrard", "Balthasar Vogelsänger"];

fn put(person: Option<u32>, name: &str, role: Role, active: bool) -> ShopCommand {
    ShopCommand::PutPerson { person: person.map(PersonId), name: name.to_owned(), role, active }
}

fn forget(person: u32) -> ShopCommand {
    ShopCommand::ForgetPerson { person: PersonId(person) }
}

fn named(kit: &Kit) -> Vec<(u32, String)> {
    let people = kit.engine.snapshot_blocking().expect("running").people;
    people.into_iter().map(|p| (p.id.0, p.name)).collect()
}

/// What lies in the shop's files, the log included.
fn bytes(kit: &Kit) -> Vec<u8> {
    let mut log = kit.file().into_os_string();
    log.push("-wal");
    let main = std::fs::read(kit.file()).expect("the file");
    [main, std::fs::read(log).unwrap_or_default()].concat()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Everything that carries people, said yes to and said no to.
fn busy(kit: &mut Kit) {
    use TillCommand as C;
    for name in NAMES {
        kit.shop(put(None, name, Role::Cashier, true)).expect("put");
    }
    let pin = "$argon2id$v=19$hash".to_owned();
    let (person, kind) = (PersonId(3), CredentialKind::Pin);
    kit.shop(ShopCommand::SetCredential { person, kind, hash: pin }).expect("set");
    // Refusals, those that are entries among them.
    assert_eq!(refused(kit.shop(put(None, NAMES[0], Role::Cashier, true))), "taken");
    assert_eq!(refused(kit.shop(put(Some(3), NAMES[1], Role::Cashier, true))), "taken");
    let by_cashier = Command::Shop(put(None, "Nieprzeżyciński", Role::Manager, true));
    let id = kit.id();
    assert_eq!(refused(kit.send(id, PersonId(3), by_cashier)), "not_permitted");
    for person in [3, 4] {
        kit.ok(1, C::SignIn { person: PersonId(person) });
        kit.till(1, PersonId(person), scan(1)).expect("sold");
        kit.till(1, PersonId(person), PAY).expect("paid");
    }
    let id = kit.id();
    let approved = Actor { person: Some(PersonId(4)), approver: Some(MANAGER) };
    let no_sale = Command::Till(TillId(1), C::NoSale { reason: "Wechseln".to_owned() });
    kit.engine.submit(id, approved, no_sale).expect("running").wait().expect("approved");
    kit.till(1, PersonId(4), scan(2)).expect("sold");
    kit.till(1, PersonId(4), C::Park { name: None }).expect("parked");
    kit.till(1, PersonId(4), C::EndShift).expect("ended");
    kit.ok(1, C::SignIn { person: MANAGER });
    kit.ok(1, count(20_000));
    kit.ok(1, C::CloseDay { despite_doubt: None });
    kit.shop(put(Some(3), "Xaverine Umbenannt", Role::Supervisor, true)).expect("changed");
    kit.shop(put(Some(4), NAMES[1], Role::Cashier, false)).expect("barred");
    kit.shop(forget(4)).expect("forgotten");
    assert_eq!(refused(kit.shop(forget(3))), "person_active");
    assert_eq!(refused(kit.shop(forget(1))), "last_manager");
    assert_eq!(refused(kit.shop(forget(4))), "unknown_person");
}

const NEVER: [&str; 9] = [
    "Xaverine",
    "lfgarten",
    "Quirin",
    "Ypsilanti",
    "Jelena",
    "Balthasar",
    "Umbenannt",
    "Nieprze",
    "vrard",
];

#[test]
fn no_name_stands_in_the_journal_nor_in_what_is_made_from_it_nor_anywhere_in_the_file() {
    let mut kit = Kit::open();
    busy(&mut kit);
    assert_eq!(named(&kit)[2], (3, "Xaverine Umbenannt".to_owned()));
    let journal: String =
        kit.reader().journal(1, u32::MAX).expect("read").into_iter().map(|row| row.bytes).collect();
    assert!(journal.contains("person_added") && journal.contains("person_forgotten"));
    assert!(journal.contains("\"refused\""));
    let tables = format!("{:?}", kit.reader().dump_tables().expect("tables"));
    let file = bytes(&kit);
    for name in NEVER {
        assert!(!journal.contains(name), "{name} in the journal");
        assert!(!tables.contains(name), "{name} in a table");
        assert!(!holds(&file, name.as_bytes()), "{name} in the file");
    }
    kit.stop();
    let mut store = Store::open(&kit.file()).expect("the file");
    shop::engine::rebuild(&mut store).expect("rebuilt");
    let parts = format!("{:?}", store.parts("person").expect("parts"));
    assert!(parts.contains("supervisor") && !NEVER.iter().any(|name| parts.contains(name)));
    drop(store);
    kit.start();
    assert_eq!(named(&kit)[2], (3, "Xaverine Umbenannt".to_owned()), "a rebuild leaves names");
    kit.end();
}

#[test]
fn who_is_forgotten_leaves_neither_key_nor_name_nor_secret_and_the_record_is_whole() {
    let mut kit = Kit::open();
    kit.shop(put(None, NAMES[0], Role::Cashier, true)).expect("put");
    kit.ok(2, TillCommand::SignIn { person: PersonId(3) });
    kit.till(2, PersonId(3), scan(1)).expect("sold");
    kit.till(2, PersonId(3), TillCommand::Park { name: None }).expect("parked");
    let hash = "$argon2id$v=19$m=19456$unlikely".to_owned();
    let (person, kind) = (PersonId(3), CredentialKind::Passphrase);
    kit.shop(ShopCommand::SetCredential { person, kind, hash: hash.clone() }).expect("set");
    kit.shop(put(Some(3), NAMES[0], Role::Cashier, false)).expect("barred");
    let row = kit.reader().personal("name").expect("read").remove(2);
    let (key, sealed) = (row.key.expect("a key"), row.sealed.expect("a name"));
    assert_eq!(kit.view(1).parked[0].person, NAMES[0]);
    assert!(holds(&bytes(&kit), &key) && holds(&bytes(&kit), hash.as_bytes()));

    kit.shop(forget(3)).expect("forgotten");
    assert_eq!(kit.view(1).parked[0].person, "Person 3");
    assert!(kit.view(2).person.is_none());
    assert_eq!(named(&kit).len(), 2);
    assert!(!kit.reader().log_remembers().expect("read"));
    let file = bytes(&kit);
    for (what, part) in [("key", &key[..]), ("name", &sealed), ("secret", hash.as_bytes())] {
        assert!(!holds(&file, part), "the {what} is still there");
    }
    kit.restart();
    assert_eq!(kit.view(1).parked[0].person, "Person 3");
    kit.ok(1, TillCommand::Recall { basket: domain::BasketId(1) });
    kit.ok(1, PAY);
    // The next one gets another number, and may have the name.
    kit.shop(put(None, NAMES[0], Role::Cashier, true)).expect("somebody else");
    assert_eq!(named(&kit)[2], (4, NAMES[0].to_owned()));
    assert_eq!(refused(kit.shop(put(Some(3), "Neu", Role::Cashier, true))), "unknown_person");
    assert_eq!(kit.end().receipts, 1);
}

#[test]
fn a_log_that_somebody_reads_is_emptied_after_a_later_command() {
    let mut kit = Kit::open();
    kit.shop(put(None, NAMES[0], Role::Cashier, false)).expect("put");
    let key = kit.reader().personal_key(PersonId(3)).expect("read").expect("a key");
    let reader = kit.reader();
    reader.renew_moment().expect("a moment");
    reader.head().expect("read");
    kit.shop(forget(3)).expect("forgotten");
    kit.seq();
    assert!(holds(&bytes(&kit), &key), "the reader still sees it");
    drop(reader);
    kit.ok(1, scan(1));
    kit.seq();
    assert!(holds(&bytes(&kit), &key), "not tried at every command");
    // Also when the program ended in between.
    kit.clock.advance(std::time::Duration::from_secs(11));
    kit.ok(1, scan(1));
    kit.seq();
    assert!(!holds(&bytes(&kit), &key));
    kit.end();
}

#[test]
fn a_renamed_person_has_the_new_name_everywhere_at_once_and_the_old_one_is_free() {
    let mut kit = Kit::open();
    kit.shop(put(None, NAMES[0], Role::Cashier, true)).expect("put");
    let key = kit.reader().personal_key(PersonId(3)).expect("read");
    kit.ok(1, scan(1));
    kit.ok(1, TillCommand::Park { name: None });
    let manager = named(&kit)[0].1.clone();
    let renamed = kit.shop(put(Some(1), NAMES[1], Role::Manager, true)).expect("renamed");
    assert_ne!(manager, NAMES[1]);
    let view = kit.view(2);
    assert_eq!(view.person.expect("signed in").name, NAMES[1]);
    assert_eq!(view.parked[0].person, NAMES[1]);
    kit.shop(put(Some(3), &manager, Role::Cashier, true)).expect("it is free");
    assert_eq!(kit.reader().personal_key(PersonId(3)).expect("read"), key, "one key a person");
    let (_, event) =
        kit.reader().entry(renamed.entries.expect("new").0).expect("read").expect("it");
    assert!(matches!(&event, Event::PersonChanged(p) if p.id == MANAGER && p.active));
    kit.restart();
    assert_eq!(named(&kit)[0].1, NAMES[1]);
    assert_eq!(named(&kit)[2].1, manager);
    kit.end();
}

#[test]
fn people_of_one_batch_do_not_get_the_same_name() {
    let mut kit = Kit::open();
    let actor = Actor { person: Some(MANAGER), approver: None };
    let tickets: Vec<_> = (0..20)
        .map(|n| {
            let command = Command::Shop(put(None, NAMES[n % 4], Role::Cashier, false));
            let id = kit.id();
            kit.engine.submit(id, actor, command).expect("running")
        })
        .collect();
    let answers: Vec<_> = tickets.into_iter().map(shop::engine::Ticket::wait).collect();
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 4);
    assert_eq!(named(&kit).len(), 6);
    kit.end();
}

#[test]
fn an_id_of_before_with_another_name_is_told_apart_and_the_file_does_not_tell_names() {
    let mut kit = Kit::open();
    let ids = [kit.id(), kit.id()];
    for (id, name) in ids.into_iter().zip(NAMES) {
        let command = Command::Shop(put(None, name, Role::Cashier, false));
        kit.send(id, MANAGER, command).expect("put");
    }
    let prints = ids.map(|id| {
        kit.with_store(move |store| store.command(id)).expect("read").expect("known").fingerprint
    });
    assert!(prints[0].is_some() && prints[0] == prints[1], "no name is in them: {prints:?}");
    for restarted in [false, true] {
        if restarted {
            kit.restart();
        }
        let send = |command| kit.send(ids[0], MANAGER, Command::Shop(command));
        assert!(send(put(None, NAMES[0], Role::Cashier, false)).expect("answered").repeated);
        for other in [
            put(None, NAMES[1], Role::Cashier, false),
            put(None, NAMES[0], Role::Manager, false),
            put(Some(3), NAMES[0], Role::Cashier, false),
            forget(3),
        ] {
            assert_eq!(refused(send(other)), "command_id_reused");
        }
    }
    // Once nobody knows the name any more, the same answer is given to whatever name comes.
    kit.shop(forget(3)).expect("forgotten");
    let again = Command::Shop(put(None, "Wer auch immer", Role::Cashier, false));
    assert!(kit.send(ids[0], MANAGER, again).expect("answered").repeated);
    assert_eq!(named(&kit).len(), 3);
    kit.end();
}

#[test]
fn a_full_disk_leaves_neither_half_of_a_person() {
    let mut kit = Kit::open();
    let (mut failed, mut next) = (0, 3_u32);
    let state = |kit: &Kit| {
        let rows = kit.reader().personal("name").expect("read");
        (named(kit), rows, kit.seq(), kit.reader().head().expect("a head").seq)
    };
    for round in 0..24_u32 {
        let name = format!("{round:02} {}", "Ö".repeat(57));
        for step in 0..3 {
            let command = match step {
                0 => put(None, &name, Role::Cashier, true),
                1 => put(Some(next), &name.replace('Ö', "Ü"), Role::Cashier, false),
                // Some stay, so that the tables grow.
                _ if round % 3 == 0 => forget(next),
                _ => continue,
            };
            let command = Command::Shop(command);
            let (id, before) = (kit.id(), state(&kit));
            let pages = u32::try_from(kit.reader().size().expect("a size") / 4_096).expect("small");
            for n in 0.. {
                kit.with_store(move |store| store.limit_pages(pages + n)).expect("limited");
                match kit.send(id, MANAGER, command.clone()) {
                    Ok(answer) => {
                        assert!(!answer.repeated, "nothing of it had happened");
                        break;
                    }
                    Err(EngineError::NotStored(_)) => {
                        failed += 1;
                        assert_eq!(state(&kit), before, "{command:?} at page {n}");
                        if failed % 3 == 0 {
                            kit.restart();
                            assert_eq!(state(&kit), before, "{command:?} at page {n}");
                        }
                    }
                    Err(error) => panic!("{command:?}: {error}"),
                }
            }
        }
        next += 1;
    }
    kit.with_store(|store| store.limit_pages(1_000_000)).expect("room");
    assert!(failed >= 5, "the disk was full {failed} times only");
    assert_eq!(named(&kit).len(), 2 + 16);
    kit.end();
}

#[test]
fn people_whose_names_are_lost_are_shown_by_number_and_can_be_named_anew() {
    let mut kit = Kit::open();
    kit.ok(
        1,
        TillCommand::PaidIn { amount: euros(100), reason: "Wechselgeld".to_owned(), purpose: None },
    );
    kit.stop();
    let mut store = Store::open(&kit.file()).expect("the file");
    store.begin().expect("begun");
    for person in [MANAGER, CASHIER] {
        // What a file is like that was made from nothing but a journal.
        store.forget_person(person).expect("lost");
    }
    store.commit().expect("committed");
    assert_eq!(check(&store).expect("read").len(), 2);
    drop(store);
    kit.start();
    assert_eq!(named(&kit), [(1, "Person 1".to_owned()), (2, "Person 2".to_owned())]);
    assert_eq!(kit.view(1).person.expect("signed in").name, "Person 1");
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    kit.shop(put(Some(1), NAMES[0], Role::Manager, true)).expect("named");
    kit.shop(put(Some(2), NAMES[1], Role::Cashier, true)).expect("named");
    assert_eq!(named(&kit)[1], (2, NAMES[1].to_owned()));
    assert_eq!(kit.view(1).person.expect("signed in").name, NAMES[0]);
    assert_eq!(kit.end().receipts, 1);
}

#[test]
fn a_restored_backup_knows_everybody_by_name() {
    let mut kit = Kit::open();
    kit.shop(put(None, NAMES[2], Role::Cashier, false)).expect("put");
    let backup = kit.folder.path().join("backup.sqlite");
    let restored = kit.folder.path().join("restored.sqlite");
    kit.reader().backup(&backup, |_, _| ()).expect("written");
    kit.shop(forget(3)).expect("forgotten");
    assert_eq!(named(&kit).len(), 2);
    let at = "2026-11-24T08:00:00Z".parse().expect("a time");
    let restoring = store::Restoring { at, command: shop::ids::own_command(at) };
    store::restore(&backup, &restored, restoring, |_, _| true).expect("restored");
    let store = Store::open(&restored).expect("the copy");
    assert_eq!(check(&store).expect("read"), []);
    let clock = std::sync::Arc::clone(&kit.clock);
    let (engine, running) = shop::engine::Engine::start(store, clock).expect("an engine");
    let people = engine.snapshot_blocking().expect("running").people;
    assert_eq!(people[2].name, NAMES[2], "an older backup still holds the name");
    running.stop();
    kit.end();
}
