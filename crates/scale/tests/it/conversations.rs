//! Whole conversations, and what comes of them.

use proptest::prelude::*;
use scale::{Fault, Goods, Keys, Memory, Protocol, Scale, Session, State, Step, Weighing};

fn goods() -> Goods {
    Goods::new(199, 0, "").unwrap()
}

fn session(protocol: Protocol, keys: Option<Keys>) -> Session {
    let scale = Scale { protocol, least: 40, keys };
    Session::new(scale, goods(), Memory::default(), [0x0001, 0x3132, 3, 4])
}

const PRICE: &[u8] = b"\x04\x0201\x1b000199\x1b\x03";
const ENQUIRY: &[u8] = b"\x04\x05";
const WHY: &[u8] = b"\x04\x0208\x03";
const RECORD: &[u8] = b"\x0202\x1b3\x1b01250\x1b000199\x1b000249\x03";

fn sent(bytes: &[u8]) -> Option<Step> {
    Some(Step::Send(bytes.to_vec()))
}

fn done(step: Option<Step>) -> Weighing {
    match step {
        Some(Step::Done(weighing, _)) => weighing,
        other => panic!("{other:?}"),
    }
}

fn figures(weighing: Weighing) -> (u32, u32, u32, Option<u32>) {
    (weighing.net(), weighing.tare(), weighing.unit_price(), weighing.price())
}

#[test]
fn a_dialog_gives_the_price_and_takes_the_weighing_word_for_word() {
    let mut till = session(Protocol::Dialog04, None);
    assert_eq!(till.again(), PRICE);
    assert_eq!(till.receive(b"\x06"), sent(ENQUIRY));
    assert_eq!(till.receive(b"\x15"), sent(WHY));
    assert_eq!(till.receive(b"\x0209\x1b20\x03"), Some(Step::Wait(State::InMotion)));
    assert_eq!(till.again(), ENQUIRY);
    // In pieces, as lines bring it.
    assert_eq!(till.receive(&RECORD[..9]), None);
    assert_eq!(figures(done(till.receive(&RECORD[9..]))), (1_250, 0, 199, Some(249)));
    assert_eq!(till.receive(RECORD), None, "what comes twice is one weighing");
}

#[test]
fn the_price_of_the_scale_is_not_computed_again() {
    let mut till = session(Protocol::Dialog02, None);
    let _ = till.again();
    let _ = till.receive(b"\x06");
    let odd = b"\x0202\x1b3\x1b01250\x1b000199\x1b000777\x03";
    assert_eq!(done(till.receive(odd)).price(), Some(777));
}

#[test]
fn a_weighing_at_another_price_is_none() {
    let mut till = session(Protocol::Dialog04, None);
    let _ = till.again();
    let _ = till.receive(b"\x06");
    let other = b"\x0202\x1b3\x1b01250\x1b000198\x1b000248\x03";
    assert_eq!(till.receive(other), Some(Step::Never(Fault::OtherPrice)));
}

#[test]
fn a_load_that_was_weighed_already_is_said_so() {
    let mut till = session(Protocol::Dialog04, None);
    let _ = till.again();
    let _ = till.receive(b"\x06");
    let _ = till.receive(b"\x15");
    assert_eq!(till.receive(b"\x0209\x1b21\x03"), Some(Step::Wait(State::NoLoadChange)));
}

#[test]
fn a_scale_that_lost_the_price_is_given_it_again_but_not_for_ever() {
    let mut till = session(Protocol::Dialog04, None);
    for _ in 0..4 {
        assert_eq!(till.again(), PRICE);
        let _ = till.receive(b"\x06");
        let _ = till.receive(b"\x15");
        assert_eq!(till.receive(b"\x0209\x1b22\x03"), Some(Step::Wait(State::Busy)));
    }
    let _ = till.again();
    let _ = till.receive(b"\x06");
    let _ = till.receive(b"\x15");
    assert_eq!(till.receive(b"\x0209\x1b22\x03"), Some(Step::Never(Fault::NotUnderstood)));
}

#[test]
fn silence_and_noise_begin_anew_with_the_price() {
    let mut till = session(Protocol::Dialog04, None);
    let _ = till.again();
    let _ = till.receive(b"\x06");
    assert_eq!(till.silent(), Step::Wait(State::Silent));
    assert_eq!(till.again(), PRICE);
    assert_eq!(till.receive(b"!"), Some(Step::Wait(State::Garbled)));
    assert_eq!(till.receive(RECORD), None, "nobody asked for it");
    assert_eq!(till.again(), PRICE);
    // A weighing that comes instead of the word that the price was taken is of the goods before.
    assert_eq!(till.receive(RECORD), Some(Step::Wait(State::Garbled)));
}

#[test]
fn dialog_06_is_shown_the_secret_and_then_given_the_price_again() {
    let mut till = session(Protocol::Dialog06, Keys::new(0x8810_8000));
    assert_eq!(till.again(), PRICE);
    assert_eq!(till.receive(b"\x0211\x1b2\x1b44\x03"), sent(b"\x04\x0210\x1b00101102\x03"));
    assert_eq!(till.receive(b"\x06"), sent(ENQUIRY));
    assert_eq!(till.receive(b"\x0211\x1b1\x03"), sent(PRICE));
    assert_eq!(till.receive(b"\x06"), sent(ENQUIRY));
    assert_eq!(figures(done(till.receive(RECORD))), (1_250, 0, 199, Some(249)));
}

#[test]
fn dialog_06_without_the_secret_or_with_a_wrong_one_weighs_nothing() {
    let mut till = session(Protocol::Dialog06, None);
    let _ = till.again();
    assert_eq!(till.receive(b"\x0211\x1b2\x1b44\x03"), Some(Step::Never(Fault::SecretMissing)));
    let mut till = session(Protocol::Dialog06, Keys::new(0x8810_8000));
    let _ = till.again();
    let _ = till.receive(b"\x0211\x1b2\x1b44\x03");
    let _ = till.receive(b"\x06");
    assert_eq!(till.receive(b"\x0211\x1b0\x03"), Some(Step::Never(Fault::SecretRefused)));
}

#[test]
fn a_scale_that_tells_the_weight_alone_sells_a_load_once() {
    let scale = Scale { protocol: Protocol::Mettler8217, least: 40, keys: None };
    let weigh = |memory, said: &[u8]| {
        let mut till = Session::new(scale, goods(), memory, [0; 4]);
        assert_eq!(till.again(), b"W");
        (till.receive(said), till.memory())
    };
    let (step, memory) = weigh(Memory::default(), b"\x0200.500\r");
    assert_eq!(figures(done(step)), (500, 0, 199, None));
    let (step, same) = weigh(memory, b"\x0200.505\r");
    assert_eq!(step, Some(Step::Wait(State::NoLoadChange)));
    let (step, _) = weigh(same, b"\x0200.520\r");
    assert_eq!(done(step).net(), 520, "another load");
    let (step, taken_off) = weigh(memory, b"\x0200.000\r");
    assert_eq!(step, Some(Step::Wait(State::BelowMinimum)));
    let (step, _) = weigh(taken_off, b"\x0200.500\r");
    assert_eq!(done(step).net(), 500, "it was taken off and put on again");
    let (step, moved) = weigh(memory, b"\x02?\x61\r");
    assert_eq!(step, Some(Step::Wait(State::InMotion)));
    assert_eq!(done(weigh(moved, b"\x0200.500\r").0).net(), 500);
}

#[test]
fn the_tare_is_taken_off_and_less_than_the_least_is_not_sold() {
    let scale = Scale { protocol: Protocol::Sics, least: 100, keys: None };
    let weigh = |said: &str| {
        let goods = Goods::new(199, 50, "").unwrap();
        let mut till = Session::new(scale, goods, Memory::default(), [0; 4]);
        let _ = till.again();
        till.receive(said.as_bytes())
    };
    assert_eq!(figures(done(weigh("S S 550 g\r\n"))), (500, 50, 199, None));
    assert_eq!(weigh("S S 99 g\r\n"), Some(Step::Wait(State::BelowMinimum)));
    assert_eq!(weigh("S S 0.5 g\r\n"), Some(Step::Never(Fault::FinerThanGrams)));
}

proptest! {
    #[test]
    fn whatever_a_scale_says_comes_to_one_weighing_at_most(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(scale::fuzz::session(&bytes) <= 1);
        scale::fuzz::answers(&bytes);
    }

    #[test]
    fn a_weighing_is_taken_as_it_was_said(net in 1_u32..99_999, price in 0_u32..999_999) {
        let mut till = session(Protocol::Dialog04, None);
        let _ = till.again();
        let _ = till.receive(b"\x06");
        let record = format!("\x0202\x1b3\x1b{net:05}\x1b000199\x1b{price:06}\x03");
        prop_assert_eq!(figures(done(till.receive(record.as_bytes()))), (net, 0, 199, Some(price)));
    }
}
