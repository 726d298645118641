//! A terminal that reads and writes with the other implementation's codec, and this house's driver at it.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail, ensure};
use payment::driver::{Ask, Before, Progress, Reference, Reserved, Reserving, Said, Talk};
use payment::line::{Ledger, NotStored, Pace, Tcp, run_over};
use payment::zvt::Zvt;
use payment::{Driver, End};
use their_zvt::ZvtSerializer;
use their_zvt::packets::{
    self, Ack, CompletionData, EndOfDay, IntermediateStatusInformation, NumAndTotal,
    PartialReversal, PreAuthReversal, ReceiptPrintoutCompletion, Registration, Reservation,
    SingleAmounts, StatusEnquiry, StatusInformation,
};
use their_zvt::sequences::read_packet_async;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::packets::{Authorisation, Refund, Reversal};

/// 84 83 00.
const UNKNOWN: [u8; 3] = [0x84, 0x83, 0x00];

/// What it was asked, as the other codec read it, and the number of its last receipt.
#[derive(Default)]
struct Desk {
    asked: Vec<String>,
    receipt: usize,
    last: Option<StatusInformation>,
}

/// How many things were asked and done.
pub(crate) async fn is_worked_at() -> Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let way = Tcp(listener.local_addr()?.to_string());
    let desk = Arc::new(Mutex::new(Desk::default()));
    let of_server = Arc::clone(&desk);
    let server = tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            while serve(&mut line, &of_server).await.is_ok() {}
        }
    });
    let driver = Zvt::new("000000", "EUR")?;
    let mut done = 0;
    let mut run = async |what: &str, talk: Talk| {
        let end = run_over(talk, &way, &Pace::default(), &mut Paper).await;
        done += 1;
        println!("  ok  {what}");
        end
    };
    let End::Identity(_) = run("how it is (05 01)", driver.identity()).await else {
        bail!("no identity")
    };
    ensure!(run("diagnosis (06 70)", driver.diagnose()).await == End::Diagnosed);
    ensure!(run("initialisation (06 93)", driver.initialise()).await == End::Done);
    let paid = yes(run("payment (06 01)", driver.pay(&ask(1_234))).await, 1_234)?;
    yes(run("reversal (06 30)", driver.reverse(&ask(1_234), &paid)).await, 1_234)?;
    yes(run("refund (06 31)", driver.refund(&ask(321))).await, 321)?;
    let talk = driver.reservation(&Reserving::Reserve, &ask(3_000));
    let reference = yes(run("reservation (06 22)", talk).await, 3_000)?;
    let reserved = Reserved { reference, amount: 3_000 };
    let talk = driver.reservation(&Reserving::ReleasePart(reserved.clone()), &ask(2_000));
    yes(run("partial reversal (06 23)", talk).await, 1_000)?;
    let talk = driver.reservation(&Reserving::Release(reserved), &ask(3_000));
    yes(run("release (06 25)", talk).await, 3_000)?;
    let end = run("end of day (06 50)", driver.end_of_day()).await;
    let End::DayClosed(totals) = end else { bail!("{end:?}") };
    ensure!(totals.cards.len() == 1 && totals.cards[0].sum == 1_777, "{totals:?}");
    server.abort();

    let asked = std::mem::take(&mut desk.lock().unwrap_or_else(PoisonError::into_inner).asked);
    for wanted in [
        "Authorisation { amount: Some(1234), currency: Some(978), payment_type: Some(64) }",
        "Reversal { password: 0, receipt_no: Some(1), amount: Some(1234), currency: Some(978) }",
        "Refund { password: 0, amount: Some(321), currency: Some(978) }",
        "Reservation { amount: Some(3000), currency: Some(978)",
        "PartialReversal { receipt_no: Some(4), amount: Some(2000)",
        "PreAuthReversal { payment_type: None, currency: Some(978), receipt_no: Some(4)",
        "EndOfDay { password: 0 }",
    ] {
        ensure!(asked.iter().any(|one| one.starts_with(wanted)), "{wanted} is not in {asked:#?}");
        done += 1;
    }
    println!("  ok  what it read is what the driver asked");
    Ok(done)
}

fn ask(amount: i64) -> Ask {
    let (currency, key, time) = ("EUR".to_owned(), "attempt".to_owned(), String::new());
    Ask { amount, currency, at: None, key, time, age: 0 }
}

fn yes(end: End, amount: i64) -> Result<Reference> {
    let End::Acknowledged(said) = end else { bail!("{end:?}") };
    ensure!(said.amount == amount, "{said:?}");
    Ok(Reference { receipt: said.receipt.unwrap_or_default(), trace: said.trace })
}

/// A disk that always works.
struct Paper;

impl Ledger for Paper {
    async fn about(&mut self, _: &Before) -> Result<(), NotStored> {
        Ok(())
    }
    async fn outcome(&mut self, _: &Said) -> Result<(), NotStored> {
        Ok(())
    }
    async fn progress(&mut self, _: &Progress) {}
    async fn cancel_asked(&self) {
        std::future::pending().await
    }
}

/// Reads one command and answers it.
async fn serve(line: &mut TcpStream, desk: &Mutex<Desk>) -> Result<()> {
    let mut line = Pin::new(line);
    let bytes = read_packet_async(&mut line).await?;
    let note = |what: String| desk.lock().unwrap_or_else(PoisonError::into_inner).asked.push(what);
    let mut says: Vec<Vec<u8>> = Vec::new();
    let completion = CompletionData::default().zvt_serialize();
    match (bytes[0], bytes[1]) {
        (0x06, 0x00) => {
            let asked = Registration::zvt_deserialize(&bytes)?.0;
            let terminal_id = Some(52_523_535);
            let said = CompletionData {
                status_byte: Some(0),
                terminal_id,
                currency: asked.currency,
                ..CompletionData::default()
            };
            says.push(said.zvt_serialize());
            note(format!("{asked:?}"));
        }
        (0x05, 0x01) => {
            note(format!("{:?}", StatusEnquiry::zvt_deserialize(&bytes)?.0));
            let said = ReceiptPrintoutCompletion {
                sw_version: "GER-APP-v2.0.9".to_owned(),
                terminal_status_code: 0,
                tlv: None,
            };
            says.push(said.zvt_serialize());
        }
        (0x06, 0x70) => {
            note(format!("{:?}", packets::Diagnosis::zvt_deserialize(&bytes)?.0));
            says.push(completion);
        }
        (0x06, 0x93) => {
            note(format!("{:?}", packets::Initialization::zvt_deserialize(&bytes)?.0));
            says.push(completion);
        }
        (0x06, 0x20) => {
            // Unknown to the other crate; what it said last is said by its codec all the same.
            let last = desk.lock().unwrap_or_else(PoisonError::into_inner);
            match &last.last {
                Some(last) => says.extend([last.zvt_serialize(), completion]),
                None => says.push(packets::Abort { error: 0x83 }.zvt_serialize()),
            }
        }
        (0x06, 0x50) => {
            note(format!("{:?}", EndOfDay::zvt_deserialize(&bytes)?.0));
            let eurocard = NumAndTotal { num: 2, total: 1_777 };
            let single_amounts = SingleAmounts {
                receipt_no_start: 1,
                receipt_no_end: 7,
                eurocard,
                ..SingleAmounts::default()
            };
            let said = StatusInformation {
                result_code: Some(0),
                single_amounts: Some(single_amounts),
                ..StatusInformation::default()
            };
            says.extend([said.zvt_serialize(), completion]);
        }
        (0x06, instr) => {
            let (what, amount) = match instr {
                0x01 => read(&bytes, |one: &Authorisation| one.amount)?,
                0x22 => read(&bytes, |one: &Reservation| one.amount)?,
                0x23 => {
                    read(&bytes, |one: &PartialReversal| one.amount.map(|unused| 3_000 - unused))?
                }
                0x25 => read(&bytes, |_: &PreAuthReversal| Some(3_000))?,
                0x30 => read(&bytes, |one: &Reversal| one.amount)?,
                0x31 => read(&bytes, |one: &Refund| one.amount)?,
                _ => return Ok(line.write_all(&UNKNOWN).await?),
            };
            note(what);
            let wait = IntermediateStatusInformation { status: 0x0a, timeout: Some(2) };
            let mut desk = desk.lock().unwrap_or_else(PoisonError::into_inner);
            desk.receipt += 1;
            let outcome = |receipt| StatusInformation {
                result_code: Some(0),
                amount,
                currency: Some(978),
                receipt_no: Some(receipt),
                trace_number: Some(500 + receipt),
                terminal_id: Some(52_523_535),
                card_name: Some("Mastercard".to_owned()),
                ..StatusInformation::default()
            };
            says.extend([wait.zvt_serialize(), outcome(desk.receipt).zvt_serialize(), completion]);
            desk.last = Some(outcome(desk.receipt));
        }
        _ => return Ok(line.write_all(&UNKNOWN).await?),
    }
    line.write_all(&Ack {}.zvt_serialize()).await?;
    for said in says {
        line.write_all(&said).await?;
        let answer = read_packet_async(&mut line).await?;
        ensure!(answer == Ack {}.zvt_serialize(), "no acknowledgement: {answer:02X?}");
    }
    Ok(())
}

/// A command as the other codec reads it, and what it is about.
fn read<T>(bytes: &[u8], amount: fn(&T) -> Option<usize>) -> Result<(String, Option<usize>)>
where
    T: ZvtSerializer + std::fmt::Debug,
    their_zvt::encoding::Default: their_zvt::encoding::Encoding<T>,
{
    let (asked, _) = T::zvt_deserialize(bytes)?;
    Ok((format!("{asked:?}"), amount(&asked)))
}
