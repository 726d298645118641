//! The bytes of every kind, kept for ever in `tests/golden/`: one file a kind, one entry a line.
//!
//! These files are never changed. A new kind gets its file by
//! `cargo test -p journal -- --ignored write_missing_golden_files`, which writes no file twice.

use std::fs;
use std::path::PathBuf;

use domain::event::Event;
use journal::{decode, encode};

use crate::samples::{events, meta};

/// Makes the list of kinds and a match without `_` from one table: a kind that is not in it does
/// not compile.
macro_rules! kinds {
    ($($variant:ident => $kind:literal),* $(,)?) => {
        const KINDS: &[&str] = &[$($kind),*];
        fn kind(event: &Event) -> &'static str {
            match event { $(Event::$variant { .. } => $kind),* }
        }
    };
}

kinds! {
    ShopConfigured => "shop_configured",
    PersonAdded => "person_added",
    PersonChanged => "person_changed",
    PersonForgotten => "person_forgotten",
    CredentialSet => "credential_set",
    SignedIn => "signed_in",
    SignedOut => "signed_out",
    SignInFailed => "sign_in_failed",
    Approved => "approved",
    Refused => "refused",
    ItemPut => "item_put",
    ItemRetired => "item_retired",
    ImportBegan => "import_began",
    ItemsImported => "items_imported",
    ImportFinished => "import_finished",
    ImportCancelled => "import_cancelled",
    DayOpened => "day_opened",
    ShiftBegan => "shift_began",
    ShiftEnded => "shift_ended",
    CashPaidIn => "cash_paid_in",
    CashPaidOut => "cash_paid_out",
    CashDropped => "cash_dropped",
    DrawerOpened => "drawer_opened",
    DrawerAlarmed => "drawer_alarmed",
    DrawerCounted => "drawer_counted",
    DayClosed => "day_closed",
    TrainingSwitched => "training_switched",
    BasketOpened => "basket_opened",
    BasketChosen => "basket_chosen",
    LineAdded => "line_added",
    LineChanged => "line_changed",
    LineVoided => "line_voided",
    ReturnBegan => "return_began",
    DiscountGiven => "discount_given",
    CouponTaken => "coupon_taken",
    BasketNoted => "basket_noted",
    AgeChecked => "age_checked",
    BasketParked => "basket_parked",
    BasketOrdered => "basket_ordered",
    BasketHandedOver => "basket_handed_over",
    BenefitGiven => "benefit_given",
    BasketRecalled => "basket_recalled",
    BasketAborted => "basket_aborted",
    TenderRecorded => "tender_recorded",
    TenderUndone => "tender_undone",
    TenderIntended => "tender_intended",
    TenderSent => "tender_sent",
    TenderCancelAsked => "tender_cancel_asked",
    AttemptRecorded => "attempt_recorded",
    AttemptAcknowledged => "attempt_acknowledged",
    TenderInDoubt => "tender_in_doubt",
    TenderResolved => "tender_resolved",
    ReversalFailed => "reversal_failed",
    SignatureCompared => "signature_compared",
    MoneyReserved => "money_reserved",
    ReservationEnded => "reservation_ended",
    TerminalDayIntended => "terminal_day_intended",
    TerminalDaySent => "terminal_day_sent",
    TerminalDayRecorded => "terminal_day_recorded",
    TerminalDayClosed => "terminal_day_closed",
    TerminalDayNotClosed => "terminal_day_not_closed",
    TerminalDayUnknown => "terminal_day_unknown",
    TerminalDaySettled => "terminal_day_settled",
    TerminalDayExplained => "terminal_day_explained",
    ReceiptIssued => "receipt_issued",
    ReceiptCopied => "receipt_copied",
    ReceiptHandedOver => "receipt_handed_over",
    InvoiceIssued => "invoice_issued",
    PackReadTwice => "pack_read_twice",
    BatchRecalled => "batch_recalled",
    RecallLifted => "recall_lifted",
    StockMoved => "stock_moved",
    UnknownCodeSettled => "unknown_code_settled",
    VoucherSold => "voucher_sold",
    VoucherToppedUp => "voucher_topped_up",
    VoucherRedeemed => "voucher_redeemed",
    VoucherCredited => "voucher_credited",
    VoucherBlocked => "voucher_blocked",
    VoucherUnblocked => "voucher_unblocked",
    TransferRequested => "transfer_requested",
    TransferGivenUp => "transfer_given_up",
    TransferPaid => "transfer_paid",
    BankMessageTaken => "bank_message_taken",
    BankMessageSettled => "bank_message_settled",
    CustomerPut => "customer_put",
    CustomerForgotten => "customer_forgotten",
    AccountCharged => "account_charged",
    AccountCredited => "account_credited",
    AccountPaid => "account_paid",
    DeviceReported => "device_reported",
    DeviceChanged => "device_changed",
    DeviceRegistered => "device_registered",
    DeviceConfirmed => "device_confirmed",
    DeviceInspected => "device_inspected",
    DevicePhotographed => "device_photographed",
    DrawerTried => "drawer_tried",
    SigningStarted => "signing_started",
    SigningFinished => "signing_finished",
    SigningFailed => "signing_failed",
    SigningUnitReported => "signing_unit_reported",
    SigningOutage => "signing_outage",
    SigningRestored => "signing_restored",
    SigningTidied => "signing_tidied",
    SigningUnitServiced => "signing_unit_serviced",
    RksvSigned => "rksv_signed",
    RksvTold => "rksv_told",
    Audit => "audit",
    ProgramStarted => "program_started",
    BackupMade => "backup_made",
    ShopRestored => "shop_restored",
    ClockJumped => "clock_jumped",
}

fn file(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{kind}.jsonl"))
}

#[test]
fn every_kind_has_golden_bytes_that_read_and_write_back_the_same() {
    for kind in KINDS {
        let text = fs::read_to_string(file(kind))
            .unwrap_or_else(|e| panic!("{kind} has no golden file: {e}"));
        assert!(!text.is_empty(), "{kind}");
        for bytes in text.lines() {
            let (meta, event) = decode(bytes).unwrap_or_else(|e| panic!("{kind}: {e:?}"));
            assert_eq!(self::kind(&event), *kind);
            assert_eq!(encode(&meta, &event).unwrap(), bytes);
        }
    }
}

#[test]
fn every_golden_file_is_of_a_kind() {
    let folder = file("x").parent().unwrap().to_owned();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(KINDS.contains(&name.as_str()), "{name} was a kind once: it must stay readable");
    }
}

#[test]
fn every_sample_survives_writing_and_reading() {
    for (event, seq) in events().into_iter().zip(1..) {
        let meta = meta(seq);
        let bytes = encode(&meta, &event).unwrap();
        assert!(bytes.contains(&format!("\"kind\":\"{}\",\"body\":", kind(&event))), "{bytes}");
        assert_eq!(decode(&bytes).unwrap(), (meta, event));
    }
}

#[test]
#[ignore = "writes files: run it once for a new kind"]
fn write_missing_golden_files() {
    for kind in KINDS.iter().filter(|kind| !file(kind).exists()) {
        let lines: String = events()
            .iter()
            .zip(1..)
            .filter(|(event, _)| self::kind(event) == *kind)
            .map(|(event, seq)| encode(&meta(seq), event).unwrap() + "\n")
            .collect();
        fs::write(file(kind), lines).unwrap();
    }
}

/// A kind that got a new optional field: its samples with it are added below what is there.
#[test]
#[ignore = "writes files: run it once for a new optional field of a kind"]
fn write_missing_golden_lines() {
    for (event, seq) in events().iter().zip(1..) {
        let kind = self::kind(event);
        let body = serde_json::to_string(event).unwrap();
        let mut text = fs::read_to_string(file(kind)).unwrap_or_default();
        if !text.contains(body.trim_start_matches('{')) {
            text.push_str(&(encode(&meta(seq), event).unwrap() + "\n"));
            fs::write(file(kind), text).unwrap();
        }
    }
}

#[test]
fn the_envelope_is_written_in_one_order_with_three_digits_of_a_second() {
    let mut meta = meta(7);
    meta.at = "2026-11-23T13:07:12Z".parse().unwrap();
    let event = Event::TrainingSwitched { on: true };
    assert_eq!(
        encode(&meta, &event).unwrap(),
        r#"{"v":1,"shop":"s1","incarnation":1,"seq":7,"at":"2026-11-23T13:07:12.000Z","till":1,"person":2,"command":"0193593c-7d2e-7000-8000-00000000002a","kind":"training_switched","body":{"on":true}}"#
    );
    meta.till = None;
    meta.person = None;
    let bytes = encode(&meta, &event).unwrap();
    assert!(bytes.contains(r#".000Z","command":"#), "{bytes}");
    assert_eq!(decode(&bytes).unwrap().0, meta);
}

#[test]
fn a_wrong_envelope_is_refused() {
    let good = encode(&meta(1), &Event::TrainingSwitched { on: true }).unwrap();
    assert!(decode(&good).is_ok());
    for (from, to) in [
        ("\"v\":1", "\"v\":2"),
        ("\"v\":1,", ""),
        ("\"v\":1,", "\"v\":1,\"extra\":0,"),
        ("\"seq\":1,", "\"seq\":1,\"seq\":1,"),
        ("\"seq\":1", "\"seq\":-1"),
        ("\"seq\":1", "\"seq\":\"1\""),
        ("training_switched", "training_swapped"),
        ("training_switched", "a\\\",\\\"b"),
        ("\"on\":true", "\"on\":1"),
        ("{\"on\":true}", "{}"),
        ("2026-11-23T", "2026-13-23T"),
        ("}}", "}} x"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert!(decode(&bad).is_err(), "{bad}");
    }
}
