//! The other implementation as a till.

use std::pin::Pin;

use anyhow::{Context, Result, bail, ensure};
use their_zvt::packets::{self, StatusInformation};
use their_zvt::sequences::{
    self, AuthorizationResponse, DiagnosisResponse, EndOfDayResponse, InitializationResponse,
    PartialReversalResponse, RegistrationResponse, Sequence, StatusEnquiryResponse,
    read_packet_async, write_with_ack_async,
};
use their_zvt::{ZvtParser, ZvtSerializer, encoding};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_stream::StreamExt;

use crate::packets::{Authorisation, Refund, Reversal};

const EUR: Option<usize> = Some(978);
/// Everything to the till, lines too.
const CONFIG: u8 = 0xbe;

/// What was done, step by step; errs at the first that went wrong.
pub(crate) async fn works_a_day(address: &str) -> Result<usize> {
    let mut line = TcpStream::connect(address).await?;
    let mut done = 0;
    let mut step = |what: &str| {
        done += 1;
        println!("  ok  {what}");
    };
    register(&mut line).await?;
    step("registers (06 00)");
    let mut answers =
        sequences::Diagnosis::into_stream(&packets::Diagnosis { tlv: None }, &mut line);
    let mut completed = false;
    while let Some(answer) = answers.next().await {
        completed |= matches!(answer?, DiagnosisResponse::CompletionData(_));
    }
    drop(answers);
    ensure!(completed, "no completion of the diagnosis");
    step("has it make a diagnosis (06 70)");
    let mut answers =
        sequences::Initialization::into_stream(&packets::Initialization { password: 0 }, &mut line);
    let mut completed = false;
    while let Some(answer) = answers.next().await {
        completed |= matches!(answer?, InitializationResponse::CompletionData(_));
    }
    drop(answers);
    ensure!(completed, "no completion of the initialisation");
    step("initialises it (06 93)");
    let enquiry = packets::StatusEnquiry { password: Some(0), service_byte: None, tlv: None };
    let mut answers = sequences::StatusEnquiry::into_stream(&enquiry, &mut line);
    let mut completed = false;
    while let Some(answer) = answers.next().await {
        completed |= matches!(answer?, StatusEnquiryResponse::CompletionData(_));
    }
    drop(answers);
    ensure!(completed, "no completion of the status enquiry");
    step("asks how it is (05 01)");

    let payment = Authorisation { amount: Some(1_234), currency: EUR, payment_type: Some(0x40) };
    let paid = money(&payment, &mut line).await?;
    let receipt = approved(&paid, 1_234)?;
    step("is paid 12.34 (06 01)");
    let reversal =
        Reversal { password: 0, receipt_no: Some(receipt), amount: Some(1_234), currency: EUR };
    approved(&money(&reversal, &mut line).await?, 1_234)?;
    step("takes that back (06 30)");
    let refund = Refund { password: 0, amount: Some(321), currency: EUR };
    approved(&money(&refund, &mut line).await?, 321)?;
    step("refunds 3.21 (06 31)");

    let tent = reserve(3_000, &mut line).await?;
    let drill = reserve(5_000, &mut line).await?;
    step("reserves 30.00 and 50.00 (06 22)");
    let open = partial_reversal(0xffff, None, &mut line).await?;
    ensure!(open.is_err_and(|first| first == Some(tent)), "the first open one is not named");
    step("asks which reservations are open (06 23 FF FF)");
    let booked = partial_reversal(tent, Some(2_000), &mut line).await?;
    let Ok(booked) = booked else { bail!("not booked") };
    approved(&booked, 1_000)?;
    step("gives 20.00 of 30.00 back (06 23)");
    let release = packets::PreAuthReversal {
        payment_type: Some(0x40),
        currency: EUR,
        receipt_no: Some(drill),
    };
    let mut answers = sequences::PreAuthReversal::into_stream(&release, &mut line);
    let mut released = None;
    while let Some(answer) = answers.next().await {
        if let PartialReversalResponse::StatusInformation(said) = answer? {
            released = Some(said);
        }
    }
    drop(answers);
    approved(&released.context("no outcome")?, 5_000)?;
    step("gives 50.00 back (06 25)");

    let paid = Authorisation { amount: Some(777), currency: EUR, payment_type: Some(0x40) };
    approved(&money(&paid, &mut line).await?, 777)?;
    step("is paid 7.77 (06 01)");
    let mut answers =
        sequences::EndOfDay::into_stream(&packets::EndOfDay { password: 0 }, &mut line);
    let (mut totals, mut completed) = (None, false);
    while let Some(answer) = answers.next().await {
        match answer? {
            EndOfDayResponse::StatusInformation(said) => totals = said.single_amounts,
            EndOfDayResponse::CompletionData(_) => completed = true,
            _ => {}
        }
    }
    drop(answers);
    let totals = totals.context("no totals")?;
    ensure!(completed, "no completion of the end of day");
    ensure!(
        (totals.eurocard.num, totals.eurocard.total) == (2, 1_777),
        "10.00 and 7.77 were to be counted: {totals:?}"
    );
    step("closes the day with its totals (06 50)");
    register(&mut line).await?;
    step("registers again on the same line");
    Ok(done)
}

async fn register(line: &mut TcpStream) -> Result<()> {
    let registration =
        packets::Registration { password: 0, config_byte: CONFIG, currency: EUR, tlv: None };
    let mut answers = sequences::Registration::into_stream(&registration, line);
    let answer = answers.next().await.context("no answer")??;
    let RegistrationResponse::CompletionData(completion) = answer;
    ensure!(completion.terminal_id == Some(52_523_535), "another terminal: {completion:?}");
    Ok(())
}

async fn reserve(amount: usize, line: &mut TcpStream) -> Result<usize> {
    let reservation = packets::Reservation {
        amount: Some(amount),
        currency: EUR,
        payment_type: Some(0x40),
        ..packets::Reservation::default()
    };
    let mut answers = sequences::Reservation::into_stream(&reservation, line);
    let mut outcome = None;
    while let Some(answer) = answers.next().await {
        match answer? {
            AuthorizationResponse::StatusInformation(said) => outcome = Some(said),
            AuthorizationResponse::Abort(said) => bail!("aborted: {said:?}"),
            _ => {}
        }
    }
    approved(&outcome.context("no outcome")?, amount)
}

/// The outcome; or the receipt that is named with the no.
async fn partial_reversal(
    receipt: usize,
    unused: Option<usize>,
    line: &mut TcpStream,
) -> Result<Result<StatusInformation, Option<usize>>> {
    let reversal = packets::PartialReversal {
        receipt_no: Some(receipt),
        amount: unused,
        currency: unused.and(EUR),
        ..packets::PartialReversal::default()
    };
    let mut answers = sequences::PartialReversal::into_stream(&reversal, line);
    let mut outcome = None;
    while let Some(answer) = answers.next().await {
        match answer? {
            PartialReversalResponse::StatusInformation(said) => outcome = Some(Ok(said)),
            PartialReversalResponse::PartialReversalAbort(said) => {
                outcome = Some(Err(said.receipt_no));
            }
            _ => {}
        }
    }
    outcome.context("no outcome")
}

/// A command that the other crate has no sequence for: it goes like its reservation.
async fn money<T: ZvtSerializer + Send + Sync>(
    command: &T,
    line: &mut TcpStream,
) -> Result<StatusInformation>
where
    encoding::Default: encoding::Encoding<T>,
{
    let mut line = Pin::new(line);
    write_with_ack_async(command, &mut line).await?;
    let mut outcome = None;
    loop {
        let bytes = read_packet_async(&mut line).await?;
        let answer = AuthorizationResponse::zvt_parse(&bytes)?;
        line.write_all(&packets::Ack {}.zvt_serialize()).await?;
        match answer {
            AuthorizationResponse::StatusInformation(said) => outcome = Some(said),
            AuthorizationResponse::CompletionData(_) => return outcome.context("no outcome"),
            AuthorizationResponse::Abort(said) => bail!("aborted: {said:?}"),
            _ => {}
        }
    }
}

/// The receipt of a yes to that amount.
fn approved(said: &StatusInformation, amount: usize) -> Result<usize> {
    ensure!(said.result_code == Some(0), "no yes: {:?}", said.result_code);
    ensure!(said.amount == Some(amount), "another amount: {:?}", said.amount);
    said.receipt_no.context("no receipt")
}
