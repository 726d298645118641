//! What the next receipt may be, and what is owed.

use fiscal::at::{Ask, Draft, Due, Jws, Kind, Month, Refusal, Register, Signature, Signer, Sums};
use jiff::civil::{DateTime, date};
use money::Money;

use super::{Till, aes, noon, normal, unit};

fn refused(till: &Till, kind: Kind, sums: Sums) -> Option<Refusal> {
    till.register.draft(&aes(), &till.ask(kind, noon(), sums)).err()
}

#[test]
fn the_first_receipt_is_the_startbeleg_and_there_is_one() {
    let mut till = Till::new();
    assert_eq!(till.register.due(date(2026, 7, 1)), [Due::Start]);
    for kind in [Kind::Standard, Kind::Training, Kind::Monthly, Kind::Closing] {
        assert_eq!(refused(&till, kind, Sums::default()), Some(Refusal::NotStarted));
    }
    till.make(Kind::Start, noon(), Sums::default());
    assert_eq!(till.register.due(date(2026, 7, 1)), []);
    assert_eq!(refused(&till, Kind::Start, Sums::default()), Some(Refusal::Started));
}

#[test]
fn a_startbeleg_that_is_not_signed_has_not_happened() {
    let mut till = Till::new();
    till.card.set_broken(true);
    let ask = till.ask(Kind::Start, noon(), Sums::default());
    let before = till.register.clone();
    assert_eq!(till.register.issue(&aes(), &ask, &mut till.card), Err(Refusal::MustBeSigned));
    assert_eq!(till.register, before);
    till.card.set_broken(false);
    till.make(Kind::Start, noon(), Sums::default());
}

#[test]
fn a_jahresbeleg_that_is_not_signed_has_not_happened_and_a_monatsbeleg_has() {
    let mut till = Till::started();
    till.card.set_broken(true);
    let ask = till.ask(Kind::Yearly, noon(), Sums::default());
    assert_eq!(till.register.issue(&aes(), &ask, &mut till.card), Err(Refusal::MustBeSigned));
    assert_eq!(till.register.outage(), None);
    assert!(!till.make(Kind::Monthly, noon(), Sums::default()).signed);
    assert_eq!(till.register.outage(), Some(noon()));
}

#[test]
fn receipts_without_turnover_have_none() {
    let till = Till::started();
    for kind in [Kind::Zero, Kind::Monthly, Kind::Yearly, Kind::Closing] {
        assert_eq!(refused(&till, kind, normal(1)), Some(Refusal::Turnover), "{kind:?}");
    }
    // Sums that cancel out are turnover all the same.
    let cancelled = Sums { normal: Money::new(5), reduced_1: Money::new(-5), ..Sums::default() };
    assert_eq!(refused(&till, Kind::Zero, cancelled), Some(Refusal::Turnover));
}

#[test]
fn training_counts_nowhere_and_a_cancellation_lowers_the_counter() {
    let mut till = Till::started();
    till.make(Kind::Standard, noon(), normal(1_000));
    let training = till.make(Kind::Training, noon(), normal(500));
    assert_eq!(training.counter, Money::new(1_000));
    assert!(Jws::parse(&training.jws).unwrap().qr().contains("_5,00_0,00_0,00_0,00_0,00_VFJB_"));
    let cancelled = till.make(Kind::Cancellation, noon(), normal(-400));
    assert!(Jws::parse(&cancelled.jws).unwrap().qr().contains("_U1RP_"));
    assert_eq!(till.register.counter(), Money::new(600));
    let report = till.verified().unwrap();
    assert_eq!((report.turnover, report.training, report.cancellations), (600, 1, 1));
}

#[test]
fn after_an_outage_the_sammelbeleg_comes_first_and_only_it_ends_the_outage() {
    let mut till = Till::started();
    till.card.set_broken(true);
    assert!(!till.make(Kind::Standard, noon(), normal(100)).signed);
    assert_eq!(till.register.outage(), Some(noon()));
    assert_eq!(till.register.due(date(2026, 7, 1)), [Due::AfterOutage { since: noon() }]);
    assert_eq!(refused(&till, Kind::Yearly, Sums::default()), Some(Refusal::OutageFirst));
    // While the unit is broken the Sammelbeleg cannot be made; nothing is used up by trying.
    let ask = till.ask(Kind::AfterOutage, noon(), Sums::default());
    assert_eq!(till.register.issue(&aes(), &ask, &mut till.card), Err(Refusal::MustBeSigned));
    // The unit signs again, but sales stay unsigned until the Sammelbeleg is there.
    till.card.set_broken(false);
    assert!(!till.make(Kind::Standard, noon(), normal(100)).signed);
    let draft = till.register.draft(&aes(), &till.ask(Kind::Standard, noon(), normal(1))).unwrap();
    assert_eq!(draft.to_sign(), None);
    let sealed = draft.seal(Some([1; 64])).unwrap();
    assert!(!sealed.signed, "a signature that was not asked for is not used");

    assert!(till.make(Kind::AfterOutage, noon(), Sums::default()).signed);
    assert_eq!(till.register.outage(), None);
    assert!(till.make(Kind::Standard, noon(), normal(100)).signed);
    assert_eq!(refused(&till, Kind::AfterOutage, Sums::default()), Some(Refusal::NoOutage));
    let report = till.verified().unwrap();
    assert_eq!((report.unsigned, report.in_outage), (2, false));
}

#[test]
fn finanzonline_hears_of_an_outage_after_48_hours() {
    let mut till = Till::started();
    assert!(!till.register.outage_to_be_reported(noon()));
    till.card.set_broken(true);
    till.make(Kind::Standard, noon(), normal(100));
    let later = |hours: i64| noon() + jiff::SignedDuration::from_hours(hours);
    assert!(!till.register.outage_to_be_reported(later(47)));
    assert!(till.register.outage_to_be_reported(later(48)));
}

#[test]
fn a_month_with_receipts_owes_its_monatsbeleg_and_a_year_its_jahresbeleg() {
    let day = |year, month, day| date(year, month, day);
    let at = |date: jiff::civil::Date| -> DateTime { date.at(9, 0, 0, 0) };
    let july = Month { year: 2026, month: 7 };
    let mut till = Till::started();
    assert_eq!(till.register.due(day(2026, 7, 31)), []);
    assert_eq!(till.register.due(day(2026, 8, 1)), [Due::Monthly(july)]);
    // Selling goes on while it is owed, and it stays owed.
    till.make(Kind::Standard, at(day(2026, 8, 1)), normal(100));
    assert_eq!(till.register.due(day(2026, 8, 1)), [Due::Monthly(july)]);
    till.make(Kind::Monthly, at(day(2026, 8, 2)), Sums::default());
    assert_eq!(till.register.due(day(2026, 8, 2)), []);
    let august = Month { year: 2026, month: 8 };
    assert_eq!(till.register.due(day(2026, 9, 1)), [Due::Monthly(august)]);
    // On the last evening of the month it closes that month.
    till.make(Kind::Monthly, at(day(2026, 8, 31)), Sums::default());
    assert_eq!(till.register.due(day(2026, 9, 1)), []);
    // A month without receipts owes nothing; December is closed by the year.
    till.make(Kind::Standard, at(day(2026, 12, 31)), normal(100));
    let monthly = till.ask(Kind::Monthly, at(day(2026, 12, 31)), Sums::default());
    assert_eq!(till.register.draft(&aes(), &monthly), Err(Refusal::YearlyInstead));
    assert_eq!(till.register.due(day(2027, 1, 1)), [Due::Yearly(2026)]);
    till.make(Kind::Standard, at(day(2027, 1, 2)), normal(100));
    let monthly = till.ask(Kind::Monthly, at(day(2027, 2, 1)), Sums::default());
    assert_eq!(till.register.draft(&aes(), &monthly), Err(Refusal::YearlyInstead));
    assert_eq!(till.register.due(day(2027, 2, 1)), [Due::Yearly(2026)]);
    till.make(Kind::Yearly, at(day(2027, 2, 1)), Sums::default());
    assert_eq!(till.register.due(day(2027, 2, 1)), []);
    assert_eq!(till.register.due(day(2028, 1, 1)), [Due::Yearly(2027)]);
    till.verified().unwrap();
}

#[test]
fn nothing_follows_the_schlussbeleg() {
    let mut till = Till::started();
    till.make(Kind::Closing, noon(), Sums::default());
    assert_eq!(refused(&till, Kind::Standard, normal(1)), Some(Refusal::Closed));
    assert_eq!(till.register.due(date(2030, 1, 1)), []);
}

#[test]
fn a_number_that_cannot_stand_in_a_code_and_a_full_counter_are_refused() {
    let till = Till::started();
    for receipt in ["", "a_b", "a\nb"] {
        let receipt = receipt.to_owned();
        let ask = Ask { kind: Kind::Zero, receipt, at: noon(), sums: Sums::default() };
        assert_eq!(till.register.draft(&aes(), &ask), Err(Refusal::Number));
    }
    let mut till = Till::new();
    till.register = Register::new("Kasse 1", unit(), 5).unwrap();
    till.make(Kind::Start, noon(), Sums::default());
    till.make(Kind::Standard, noon(), normal((1 << 39) - 1));
    assert_eq!(refused(&till, Kind::Standard, normal(1)), Some(Refusal::CounterFull));
    assert_eq!(refused(&till, Kind::Cancellation, normal(1)), Some(Refusal::CounterFull));
    assert_eq!(refused(&till, Kind::Training, normal(1)), None);
}

#[test]
fn a_draft_overtaken_by_another_receipt_is_stale() {
    let mut till = Till::started();
    let draft: Draft =
        till.register.draft(&aes(), &till.ask(Kind::Standard, noon(), normal(1))).unwrap();
    till.make(Kind::Standard, noon(), normal(100));
    let input = draft.to_sign().unwrap();
    let late = draft.seal(till.card.sign(input.as_bytes()).ok()).unwrap();
    assert_eq!(till.register.apply(&late), Err(Refusal::Stale));
    assert_eq!(till.register.counter(), Money::new(100));
}

#[test]
fn a_till_folded_from_its_receipts_or_read_from_json_is_the_same_till() {
    let mut till = Till::started();
    till.card.set_broken(true);
    till.make(Kind::Standard, noon(), normal(100));
    till.card.set_broken(false);
    till.make(Kind::AfterOutage, noon(), Sums::default());
    till.make(Kind::Standard, noon(), normal(55));
    let json = serde_json::to_string(&till.issued).unwrap();
    let receipts: Vec<fiscal::at::Issued> = serde_json::from_str(&json).unwrap();
    let mut folded = Register::new("Kasse 1", unit(), 8).unwrap();
    for receipt in &receipts {
        folded.apply(receipt).unwrap();
    }
    assert_eq!(folded, till.register);
    let json = serde_json::to_string(&folded).unwrap();
    assert_eq!(serde_json::from_str::<Register>(&json).unwrap(), folded);
    assert!(!json.contains(&aes().to_base64()), "the key is no part of the till");
    assert_eq!(format!("{:?}", aes()), "AesKey");
}

#[test]
fn a_signature_is_verified_by_its_own_key_only() {
    let mut till = Till::started();
    let jws = Jws::parse(&till.make(Kind::Standard, noon(), normal(1)).jws).unwrap();
    let code = jws.code.to_string();
    assert!(till.key().verifies(&code, &jws.signature));
    let other = fiscal::at::SoftwareCard::new([8; 32]).unwrap().public_key();
    assert!(!other.verifies(&code, &jws.signature));
    assert!(!till.key().verifies(&code, &Signature::OutOfOrder));
    assert!(!till.key().verifies(&code.replace("0,01", "0,02"), &jws.signature));
    let again = fiscal::at::PublicKey::from_spki(&till.key().spki()).unwrap();
    assert_eq!(again, till.key());
    assert_eq!(fiscal::at::PublicKey::from_point(&again.point()), Some(again));
}
