//! Bytes as they stand in the makers' papers.

use scale::dialog::{self, Answer, Meaning, Reader, meaning};
use scale::{Fault, Goods, Protocol, State, mettler8217, sics};

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn goods(price: u32, tare: u32, name: &str) -> String {
    hex(&dialog::goods(&Goods::new(price, tare, name).unwrap()))
}

#[test]
fn the_four_records_give_price_tare_and_text() {
    assert_eq!(goods(199, 0, ""), "04 02 30 31 1b 30 30 30 31 39 39 1b 03");
    assert_eq!(goods(199, 50, ""), "04 02 30 33 1b 30 30 30 31 39 39 1b 30 30 35 30 03");
    assert_eq!(
        goods(199, 0, "Tomaten"),
        "04 02 30 34 1b 30 30 30 31 39 39 1b 54 6f 6d 61 74 65 6e 20 20 20 20 20 20 03"
    );
    assert_eq!(
        goods(250, 50, "Tomaten"),
        "04 02 30 35 1b 30 30 30 32 35 30 1b 30 30 35 30 1b 54 6f 6d 61 74 65 6e 20 20 20 20 20 20 03"
    );
    assert_eq!(hex(&dialog::enquiry()), "04 05");
    assert_eq!(hex(&dialog::why()), "04 02 30 38 03");
    assert_eq!(hex(&dialog::words("00011021")), "04 02 31 30 1b 30 30 30 31 31 30 32 31 03");
    assert_eq!(hex(&mettler8217::ask()), "57");
    assert_eq!(hex(&sics::ask()), "53 0d 0a");
}

#[test]
fn what_a_scale_cannot_take_is_never_sent() {
    for (price, tare) in [(0, 0), (1_000_000, 0), (199, 10_000)] {
        assert_eq!(Goods::new(price, tare, "x"), None, "{price} {tare}");
    }
    assert!(Goods::new(999_999, 9_999, "").is_some());
}

#[test]
fn nothing_in_a_name_is_a_command() {
    let name = "Äpfel\u{4}\u{5}\u{1b}\u{3}ß €";
    let bytes = dialog::goods(&Goods::new(1, 0, name).unwrap());
    let text = &bytes[bytes.len() - 14..bytes.len() - 1];
    assert_eq!(text, b"Aepfel????ss ");
}

fn read(bytes: &[u8]) -> Vec<Answer> {
    let mut reader = Reader::default();
    bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
}

#[test]
fn a_weighing_is_read_by_its_separators_whatever_the_width_of_its_fields() {
    let said = |net, unit_price, price| vec![Answer::Weighed { state: 3, net, unit_price, price }];
    assert_eq!(read(b"\x0202\x1b3\x1b01250\x1b000199\x1b000249\x03"), said(1_250, 199, 249));
    assert_eq!(read(b"\x0202\x1b3\x1b1250\x1b00199\x1b00249\x03"), said(1_250, 199, 249));
    assert_eq!(read(b"\x0202\x1b3\x1b01250\x1b000199\x1b000249\x1b\x03"), said(1_250, 199, 249));
    // With the parity of a line of seven bits still in it.
    let odd: Vec<u8> = b"\x0202\x1b3\x1b01250\x1b000199\x1b000249\x03"
        .iter()
        .map(|byte| if byte.count_ones() % 2 == 0 { byte | 0x80 } else { *byte })
        .collect();
    assert_eq!(read(&odd), said(1_250, 199, 249));
}

#[test]
fn what_no_scale_says_is_garbage_and_the_next_answer_is_read_again() {
    let bad: [&[u8]; 9] = [
        b"\x0202\x1b3\x1b0125A\x1b000199\x1b000249\x03",
        b"\x0202\x1b3\x1b\x1b000199\x1b000249\x03",
        b"\x0202\x1b3\x1b01250\x1b000199\x03",
        b"\x0202\x1b3\x1b-1250\x1b000199\x1b000249\x03",
        b"\x0299\x1b3\x03",
        b"\x0209\x1b2\x03",
        b"\x0209\x1b2A\x03",
        b"\x0211\x1b2\x1bG0\x03",
        b"\x02\x03",
    ];
    for bytes in bad {
        assert_eq!(read(bytes), [Answer::Garbage], "{}", hex(bytes));
        let again = [bytes, b"\x06"].concat();
        assert_eq!(read(&again), [Answer::Garbage, Answer::Ack]);
    }
    let flood = [&[0x02][..], &[b'7'; 100]].concat();
    assert_eq!(read(&flood).first(), Some(&Answer::Garbage));
}

#[test]
fn every_status_has_its_meaning() {
    use Meaning as M;
    for high in 0..=9 {
        for low in 0..=9 {
            let wanted = match high * 10 + low {
                0 => M::Wait(State::Asking),
                2 | 10 | 22 => M::GiveAgain,
                11 => M::Never(Fault::PriceRefused),
                12 => M::Never(Fault::TareRefused),
                13 => M::Never(Fault::TextRefused),
                20 => M::Wait(State::InMotion),
                21 => M::Wait(State::NoLoadChange),
                30 => M::Wait(State::BelowMinimum),
                31 => M::Wait(State::Underload),
                32 => M::Wait(State::Overload),
                _ => M::Wait(State::Busy),
            };
            assert_eq!(meaning((high, low)), wanted, "{high}{low}");
            let bytes = [0x02, b'0', b'9', 0x1b, b'0' + high, b'0' + low, 0x03];
            assert_eq!(read(&bytes), [Answer::Status(high, low)]);
        }
    }
}

#[test]
fn every_status_byte_of_the_8217_has_its_meaning() {
    for byte in 0..=255_u8 {
        let wanted = match (byte & 1, byte & 2, byte & 4, byte & 8) {
            (1, ..) => State::InMotion,
            (_, 2, ..) => State::Overload,
            (_, _, 4, _) | (.., 8) => State::Underload,
            _ => State::Busy,
        };
        assert_eq!(mettler8217::status(byte), wanted, "{byte:08b}");
    }
}

#[test]
fn the_8217_tells_kilograms() {
    use mettler8217::Answer as A;
    let read = |bytes: &[u8]| -> Vec<A> {
        let mut reader = mettler8217::Reader::default();
        bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
    };
    assert_eq!(read(b"\x0201.250\r"), [A::Weight(1_250)]);
    assert_eq!(read(b"\x0200.500N\r"), [A::Weight(500)]);
    assert_eq!(read(b"\x02?\x61\r"), [A::Not(State::InMotion)]);
    assert_eq!(read(b"\x02?\x62\r"), [A::Not(State::Overload)]);
    assert_eq!(read(b"\x02?\x64\r"), [A::Not(State::Underload)]);
    assert_eq!(read(b"\x0201250\r"), [A::Garbage]);
    assert_eq!(read(b"\x02-1.250\r"), [A::Garbage]);
    assert_eq!(read(b"x\x0201.250\r"), [A::Garbage, A::Weight(1_250)]);
}

#[test]
fn sics_tells_weights_with_their_units() {
    use sics::Answer as A;
    let read = |text: &str| -> Vec<A> {
        let mut reader = sics::Reader::default();
        text.bytes().filter_map(|byte| reader.push(byte)).collect()
    };
    assert_eq!(read("S S     100.00 g\r\n"), [A::Weight(100)]);
    assert_eq!(read("S S      1.250 kg\r\n"), [A::Weight(1_250)]);
    assert_eq!(read("S S     100.37 g\r\n"), [A::Finer]);
    assert_eq!(read("S D     100.00 g\r\n"), [A::Not(State::InMotion)]);
    assert_eq!(read("S S      -0.50 g\r\n"), [A::Not(State::Underload)]);
    assert_eq!(
        read("S I\r\nS +\r\nS -\r\n"),
        [A::Not(State::Busy), A::Not(State::Overload), A::Not(State::Underload)]
    );
    assert_eq!(read("ES\r\nET\r\nEL\r\n"), [A::NotUnderstood; 3]);
    assert_eq!(read("S S 1.0 lb\r\n"), [A::Garbage]);
}

#[test]
fn only_dialogs_compute_a_price() {
    use Protocol as P;
    let all = [P::Dialog02, P::Dialog04, P::Dialog06, P::Mettler8217, P::Sics];
    assert_eq!(all.map(P::computes_price), [true, true, true, false, false]);
}
