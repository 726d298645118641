//! What is shared with terminals: sealed, in no backup, and gone with the terminal.

use domain::rksv::{SignerKind, SignerSettings};
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::{ShopCommand, TerminalId, UnitId};
use shop::pay::secret_key;
use shop::rksv::{key_name, password_name};
use shop::vault::{self, Kept};

use crate::engine_kit::Kit;
use crate::engine_rksv::austrian;

const PASSWORD: &str = "271828";

fn configure(kit: &mut Kit, terminals: u16) {
    let mut settings = sim::build::settings(2);
    let terminal = |id| TerminalSettings {
        id: TerminalId(id),
        name: format!("Terminal {id}"),
        protocol: TerminalProtocol::ZvtTcp,
        address: format!("10.0.0.{id}:20007"),
        rate: None,
        certificate: None,
        terminal_id: None,
        merchant: None,
        close_by_hand: false,
    };
    settings.terminals = (1..=terminals).map(terminal).collect();
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
}

fn keep(kit: &Kit, terminal: u16) {
    let name = secret_key(TerminalId(terminal));
    kit.with_store(move |store| vault::keep(store, &name, PASSWORD)).expect("kept");
}

fn kept(reader: &store::Reader, terminal: u16) -> Kept {
    vault::kept(reader, &secret_key(TerminalId(terminal))).expect("read")
}

#[test]
fn a_backup_alone_does_not_hold_what_is_shared_with_terminals() {
    let mut kit = Kit::open();
    configure(&mut kit, 1);
    keep(&kit, 1);
    assert_eq!(kept(&kit.reader(), 1), Kept::Text(PASSWORD.to_owned()));
    let there = |name: &str| kit.folder.path().join(name);
    let (backup, restored) = (there("backup.sqlite"), there("restored.sqlite"));
    kit.reader().backup(&backup, |_, _| ()).expect("a backup");
    let bytes = std::fs::read(&backup).expect("read");
    assert!(!bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()));
    let command = domain::CommandId(shop::ids::own_uuid(jiff::Timestamp::UNIX_EPOCH));
    let restoring = store::Restoring { at: jiff::Timestamp::UNIX_EPOCH, command };
    store::restore(&backup, &restored, restoring, |_, _| true).expect("put back");
    let reader = store::Reader::open(&restored).expect("a reader");
    assert_eq!(kept(&reader, 1), Kept::Lost, "it must be typed in again");
    // Unless the key is brought along.
    let key = |file: &std::path::Path| format!("{}.terminal-key", file.display());
    std::fs::copy(key(&kit.file()), key(&restored)).expect("the key");
    assert_eq!(kept(&reader, 1), Kept::Text(PASSWORD.to_owned()));
    kit.end();
}

#[test]
fn what_is_sealed_for_one_terminal_opens_for_no_other() {
    let mut kit = Kit::open();
    configure(&mut kit, 2);
    keep(&kit, 1);
    let (one, two) = (secret_key(TerminalId(1)), secret_key(TerminalId(2)));
    let sealed = kit.reader().meta(&one).expect("read").expect("kept");
    kit.with_store(move |store| store.set_meta(&two, &sealed)).expect("moved");
    assert_eq!(kept(&kit.reader(), 2), Kept::Lost);
    kit.end();
}

#[test]
fn a_terminal_that_is_removed_leaves_nothing_to_the_next_one_of_its_number() {
    let mut kit = Kit::open();
    configure(&mut kit, 2);
    keep(&kit, 1);
    keep(&kit, 2);
    configure(&mut kit, 1);
    assert_eq!(kept(&kit.reader(), 1), Kept::Text(PASSWORD.to_owned()), "this one stays");
    configure(&mut kit, 2);
    assert_eq!(kept(&kit.reader(), 2), Kept::Nothing);
    kit.end();
}

/// A shop in Austria with A-Trust's devices, by the user of each.
fn signed_by(kit: &mut Kit, users: &[(u16, &str, &str)]) {
    let mut settings = austrian(sim::build::settings(2), 0);
    let device = |(id, name, user): &(u16, &str, &str)| SignerSettings {
        id: UnitId(*id),
        name: (*name).to_owned(),
        kind: SignerKind::AtrustHsm,
        address: None,
        user: Some((*user).to_owned()),
    };
    settings.rksv.as_mut().expect("set").devices = users.iter().map(device).collect();
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
}

#[test]
fn a_devices_password_goes_with_the_device_and_follows_no_other_user() {
    let mut kit = Kit::open();
    signed_by(&mut kit, &[(1, "eins", "u100000001"), (2, "zwei", "u100000002")]);
    let key = key_name("TR-1");
    for name in [password_name(UnitId(1)), password_name(UnitId(2)), key.clone()] {
        kit.with_store(move |store| vault::keep(store, &name, PASSWORD)).expect("kept");
    }
    let kept = |kit: &Kit, name: &str| vault::kept(&kit.reader(), name).expect("read");
    let password = |kit: &Kit, device| kept(kit, &password_name(UnitId(device)));
    let there = Kept::Text(PASSWORD.to_owned());
    // Another name is the same device.
    signed_by(&mut kit, &[(1, "neu", "u100000001"), (2, "zwei", "u100000002")]);
    assert_eq!((password(&kit, 1), password(&kit, 2)), (there.clone(), there.clone()));
    signed_by(&mut kit, &[(1, "neu", "u100000003"), (2, "zwei", "u100000002")]);
    assert_eq!((password(&kit, 1), password(&kit, 2)), (Kept::Nothing, there.clone()));
    signed_by(&mut kit, &[(1, "neu", "u100000003")]);
    signed_by(&mut kit, &[(1, "neu", "u100000003"), (2, "zwei", "u100000002")]);
    assert_eq!(password(&kit, 2), Kept::Nothing, "it came back without");
    assert_eq!(kept(&kit, &key), there, "receipts of before are read with it");
    kit.end();
}
