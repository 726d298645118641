//! A terminal that sends a whole card number wherever it can.

use payment::End;
use payment::driver::{Approved, Purpose};
use payment::line::{Pace, run_over};
use payment::{Driver, Said};

use crate::kit::{Book, driver, euro};
use crate::scripted::{Scripted, packet, tlv, up_to_taken};

const PAN: &str = "5598845555548074";

fn lvar(tag: u8, digits: usize, content: &[u8]) -> Vec<u8> {
    let length = format!("{:0digits$}", content.len());
    let length: Vec<u8> = length.bytes().map(|digit| 0xf0 | (digit & 0x0f)).collect();
    [&[tag], length.as_slice(), content].concat()
}

fn bcd(digits: &str) -> Vec<u8> {
    digits.as_bytes().chunks(2).map(|pair| ((pair[0] & 0x0f) << 4) | (pair[1] & 0x0f)).collect()
}

fn spaced() -> String {
    format!("{} {}-{}  {}", &PAN[..4], &PAN[4..8], &PAN[8..12], &PAN[12..])
}

/// An outcome of 5,00 with the card number in every field that can take it.
fn outcome(result: u8) -> Vec<u8> {
    let mut data = vec![0x27, result, 0x04, 0, 0, 0, 0, 0x05, 0x00, 0x87, 0x00, 0x07];
    data.extend(lvar(0x22, 2, &bcd(PAN)));
    data.extend(lvar(0x23, 2, &bcd(&format!("{PAN}2512"))));
    data.extend([&[0x3b], bcd(PAN).as_slice()].concat());
    data.extend(lvar(0x8b, 2, format!("Karte {PAN}\0").as_bytes()));
    data.extend(lvar(0x3c, 3, format!("Nr. {} \u{1b}p0 {PAN}", spaced()).as_bytes()));
    let tags = [
        tlv(&[0x1f, 0x2b], &bcd(PAN)),
        tlv(&[0x1f, 0x17], PAN.as_bytes()),
        tlv(&[0x1f, 0x08], PAN.as_bytes()),
    ];
    data.extend(tlv(&[0x06], &tags.concat()));
    packet(0x04, 0x0f, &data)
}

fn shown() -> Vec<u8> {
    let line = tlv(&[0x07], spaced().as_bytes());
    let texts = tlv(&[0x24], &line);
    packet(0x04, 0xff, &[vec![0x0a, 0x01], tlv(&[0x06], &texts)].concat())
}

fn printed(kind: u8) -> Vec<u8> {
    let lines = [
        tlv(&[0x07], format!("PAN {PAN}").as_bytes()),
        tlv(&[0x07], spaced().as_bytes()),
        tlv(&[0x07], format!("0{PAN}9").as_bytes()),
    ];
    let tags = [tlv(&[0x1f, 0x07], &[kind]), tlv(&[0x25], &lines.concat())];
    packet(0x06, 0xd3, &tlv(&[0x06], &tags.concat()))
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn assert_hidden(what: &impl std::fmt::Debug) {
    let text = format!("{what:?}");
    assert!(!digits_of(&text).contains(PAN), "{text}");
}

async fn hear(after_taken: Vec<Vec<u8>>) -> (End, Book) {
    let mut answers = up_to_taken();
    // Its last transaction has the number as well.
    answers[2] = [vec![0x80, 0, 0], outcome(0)].concat();
    answers[3] = vec![0x06, 0x0f, 0];
    answers.insert(4, vec![]);
    let mut rest = after_taken.into_iter();
    answers[5].extend(rest.next().expect("something"));
    answers.extend(rest);
    let mut book = Book::default();
    let terminal = Scripted::new(answers, None);
    let talk = driver().pay(&euro(500));
    let end = run_over(talk, &terminal, &Pace::default(), &mut book).await;
    (end, book)
}

#[tokio::test(start_paused = true)]
async fn a_whole_card_number_comes_through_nowhere() {
    let mut other = outcome(0);
    let at = other.windows(3).position(|w| w == [0x87, 0x00, 0x07]).expect("its receipt");
    other[at + 2] = 0x08;
    let script = vec![shown(), other, printed(1), printed(2), packet(0x06, 0x0f, &[])];
    let (end, book) = hear(script).await;
    let End::Acknowledged(approved) = &end else { panic!("{end:?}") };
    assert_hidden(&end);
    assert_hidden(&book.said);
    assert_hidden(&book.progress);
    assert_hidden(&book.before);
    assert_eq!(book.before.0, "zvt1 last receipt=7", "a trace number that is none is left out");
    assert_eq!(approved.last4.as_deref(), Some("8074"));
    assert_eq!(approved.trace, None);
    assert_eq!(approved.scheme.as_deref(), Some("Karte ************8074"));
    assert_eq!(approved.authorisation.as_deref(), Some("************8074"));
    assert_eq!(approved.slips.merchant[0], "PAN ************8074");
    assert_eq!(approved.slips.customer[1], "**** ****-****  8074");
    let texts: Vec<_> = book.progress.iter().filter_map(|p| p.text.as_deref()).collect();
    assert_eq!(texts, ["**** ****-****  8074"]);
    let Said::Approved(said) = &book.said[0] else { panic!("{:?}", book.said) };
    assert_eq!(said.slips, Approved::default().slips);
}

#[tokio::test(start_paused = true)]
async fn a_whole_card_number_in_a_refusal_comes_through_nowhere() {
    let abort = packet(
        0x06,
        0x1e,
        &[vec![0x05], tlv(&[0x06], &tlv(&[0x1f, 0x17], PAN.as_bytes()))].concat(),
    );
    let (end, book) = hear(vec![outcome(0x05), abort.clone()]).await;
    let End::NoMoney(Said::Declined { text: Some(text), .. }) = &end else { panic!("{end:?}") };
    assert_eq!(
        text, "Nr. **** ****-****  8074 p0 ************8074",
        "no control characters either"
    );
    assert_hidden(&book.progress);
    let (end, _) = hear(vec![abort]).await;
    let End::NoMoney(Said::Declined { text: Some(text), .. }) = &end else { panic!("{end:?}") };
    assert_eq!(text, "************8074");
}

#[tokio::test(start_paused = true)]
async fn what_goes_over_the_line_is_shown_as_a_number_of_bytes() {
    let mut talk = ::payment::zvt::Zvt::new("918273", "EUR").expect("can be").pay(&euro(1));
    talk.on(payment::driver::Input::Begin);
    let outputs = talk.on(payment::driver::Input::Connected);
    let text = format!("{outputs:?}");
    assert!(text.contains("Bytes(") && !text.contains("918273"), "{text}");
    let query = driver()
        .query(&Purpose::Payment, &euro(1), &Default::default())
        .on(payment::driver::Input::Begin);
    assert_eq!(query.len(), 2, "progress, and connect");
}
