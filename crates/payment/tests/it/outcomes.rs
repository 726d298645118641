//! What terminals may say of a payment beside yes and no.

use payment::driver::{Approved, Why};
use payment::line::{Pace, run_over};
use payment::{Driver, End, Said};

use crate::kit::{Book, driver, euro};
use crate::scripted::{Scripted, packet, tlv, up_to_taken};

/// An outcome of that many hundred cents with these tags.
fn outcome(result: u8, hundreds: u8, receipt: u8, tags: &[Vec<u8>]) -> Vec<u8> {
    let mut data = vec![0x27, result, 0x04, 0, 0, 0, 0, hundreds, 0x00, 0x87, 0x00, receipt];
    if !tags.is_empty() {
        data.extend(tlv(&[0x06], &tags.concat()));
    }
    packet(0x04, 0x0f, &data)
}

fn completion() -> Vec<u8> {
    packet(0x06, 0x0f, &[])
}

/// A payment of 5.00 after which the terminal says this, each when the till has answered.
async fn hear(said: Vec<Vec<u8>>) -> (End, Book) {
    let mut answers = up_to_taken();
    let mut said = said.into_iter();
    answers[4].extend(said.next().expect("something"));
    answers.extend(said);
    let mut book = Book::default();
    let terminal = Scripted::new(answers, None);
    let end = run_over(driver().pay(&euro(500)), &terminal, &Pace::default(), &mut book).await;
    (end, book)
}

async fn approved(said: Vec<Vec<u8>>) -> Approved {
    match hear(said).await.0 {
        End::Acknowledged(approved) => *approved,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_tip_is_not_part_of_the_amount() {
    let tip = tlv(&[0x1f, 0x36], &[0, 0, 0, 0, 1, 0]);
    let approved = approved(vec![outcome(0, 6, 1, &[tip]), completion()]).await;
    assert_eq!((approved.amount, approved.tip), (500, 100));
}

#[tokio::test(start_paused = true)]
async fn less_than_was_asked_for_is_booked_when_the_terminal_says_so() {
    let less = tlv(&[0x1f, 0x70], &[1]);
    let approved = approved(vec![outcome(0, 3, 1, &[less]), completion()]).await;
    assert_eq!((approved.amount, approved.partial), (300, true));
}

#[tokio::test(start_paused = true)]
async fn a_customer_signs_when_the_terminal_says_so_in_either_way() {
    let verified = tlv(&[0x2f], &tlv(&[0x1f, 0x10], &[1]));
    let printed = tlv(&[0x1f, 0x37], &[0x83]);
    for (tags, signs) in [(vec![verified], true), (vec![printed], true), (vec![], false)] {
        let approved = approved(vec![outcome(0, 5, 1, &tags), completion()]).await;
        assert_eq!(approved.signature, signs, "{tags:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn amounts_that_nobody_asked_for_are_stored_and_left_to_a_person() {
    let cashback = tlv(&[0x1f, 0x25], &[0, 0, 0, 0, 0x10, 0]);
    let nothing = tlv(&[0x1f, 0x70], &[1]);
    let cases = [
        (outcome(0, 0x15, 1, &[cashback]), 1_500, "cashback"),
        (outcome(0, 0, 1, &[nothing]), 0, "other_amount"),
        (outcome(0, 4, 1, &[]), 400, "other_amount"),
    ];
    for (said, amount, detail) in cases {
        let (end, book) = hear(vec![said, completion()]).await;
        assert_eq!(end, End::Unknown { why: Why::AmountDiffers, detail });
        let [Said::Approved(said)] = book.said.as_slice() else { panic!("{:?}", book.said) };
        assert_eq!(said.amount, amount);
    }
}

#[tokio::test(start_paused = true)]
async fn a_no_after_a_stored_yes_is_unknown() {
    let said = vec![outcome(0, 5, 1, &[]), outcome(5, 5, 1, &[]), completion()];
    let (end, book) = hear(said).await;
    assert_eq!(book.said.len(), 1);
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "contradiction" });
}

#[tokio::test(start_paused = true)]
async fn of_two_outcomes_the_last_one_is_booked() {
    let (end, book) = hear(vec![outcome(0, 5, 1, &[]), outcome(0, 5, 2, &[]), completion()]).await;
    let End::Acknowledged(approved) = end else { panic!("{end:?}") };
    assert_eq!(approved.receipt.as_deref(), Some("2"));
    assert_eq!(book.said.len(), 2, "each was on disk before it was acknowledged");
}

#[tokio::test(start_paused = true)]
async fn a_host_code_beside_a_yes_is_no_yes() {
    let mut data = vec![0x27, 0, 0x04, 0, 0, 0, 0, 5, 0, 0xa0, 0x05];
    data.extend([0x87, 0, 1]);
    let (end, book) = hear(vec![packet(0x04, 0x0f, &data), completion()]).await;
    assert_eq!(end, End::Unknown { why: Why::BadAnswer, detail: "unreadable" });
    assert!(book.said.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_receipt_without_end_is_cut() {
    let mut said = vec![outcome(0, 5, 1, &[])];
    said.extend((0..400).map(|_| packet(0x06, 0xd1, b"\0Zeile")));
    said.push(packet(0x06, 0xd1, &[0x81]));
    said.push(completion());
    let approved = approved(said).await;
    assert_eq!(approved.slips.customer.len(), 300);
    assert_eq!(approved.slips.customer[0], "Zeile");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_cannot_say_its_last_transaction_takes_money_nevertheless() {
    let looked = |answer: &[u8]| {
        let mut answers = up_to_taken();
        answers[2] = answer.to_vec();
        answers.remove(3);
        answers[3].extend(outcome(0, 5, 1, &[]));
        answers.push(completion());
        Scripted::new(answers, None)
    };
    let pay = async |terminal: &Scripted| {
        let mut book = Book::default();
        let talk = driver().pay(&euro(500));
        (run_over(talk, terminal, &Pace::default(), &mut book).await, book)
    };
    let (end, book) = pay(&looked(&[0x84, 0x83, 0])).await;
    assert!(matches!(end, End::Acknowledged(_)), "{end:?}");
    assert_eq!(book.before.0, "zvt1", "recovery would need a person");
    let (end, book) = pay(&looked(&[0x84, 0x9c, 0])).await;
    assert_eq!(end, End::NoMoney(Said::Cancelled { code: "busy" }));
    assert_eq!(book.calls, 0);
}
