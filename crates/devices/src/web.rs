//! Printers that take their jobs as requests (Epson's ePOS-Print). One request is a whole job, and its answer says whether it printed; an
//! empty job asks for the state.

use std::time::Duration;

use escpos::{EposAnswer, Problem, Status};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::printer::{PrintOutcome, Reason, Timeouts};

/// Longest answer, bytes.
const LONGEST: usize = 64 * 1024;
/// The printer itself, not something that is plugged into it.
const DEVICE: &str = "local_printer";

/// Whether anything of a request can have reached the printer.
struct Failed {
    sent: bool,
    reason: Reason,
}

/// The state of the printer behind this page.
pub(crate) async fn status(page: &str, timeouts: Timeouts) -> Result<Status, Reason> {
    let nothing = escpos::encode(&[], &empty());
    let answer =
        ask(page, nothing, timeouts, timeouts.answer).await.map_err(|failed| failed.reason)?;
    match answer.status {
        Some(status) => Ok(status),
        None => Err(problem_of(&answer.code).map_or(Reason::NoAnswer, Reason::NotReady)),
    }
}

/// Prints a job, if the printer can print now: it answers when the job is out.
pub(crate) async fn print(page: &str, job: &[u8], timeouts: Timeouts) -> PrintOutcome {
    match status(page, timeouts).await.map(|status| status.problem()) {
        Ok(None) => {}
        Ok(Some(problem)) => return PrintOutcome::NotPrinted(Reason::NotReady(problem)),
        Err(reason) => return PrintOutcome::NotPrinted(reason),
    }
    match ask(page, job.to_vec(), timeouts, timeouts.finish).await {
        Ok(EposAnswer { success: true, status, .. }) => {
            PrintOutcome::Printed(status.unwrap_or_default())
        }
        Ok(answer) => refused(&answer),
        Err(Failed { sent: false, reason }) => PrintOutcome::NotPrinted(reason),
        Err(Failed { sent: true, reason }) => PrintOutcome::Unknown(reason),
    }
}

/// A job that the printer would not take is not printed; an error in mid-job may have left half a receipt.
fn refused(answer: &EposAnswer) -> PrintOutcome {
    match answer.code.as_str() {
        "SchemaError"
        | "DeviceNotFound"
        | "EX_BADPORT"
        | "EX_SPOOLER"
        | "TooManyRequests"
        | "RequestEntityTooLarge" => PrintOutcome::NotPrinted(Reason::BadAnswer),
        code => {
            let reason = problem_of(code).map_or(Reason::NoAnswer, Reason::NotReady);
            PrintOutcome::Unknown(reason)
        }
    }
}

fn problem_of(code: &str) -> Option<Problem> {
    Some(match code {
        "EPTR_COVER_OPEN" => Problem::CoverOpen,
        "EPTR_REC_EMPTY" => Problem::PaperEnd,
        "EPTR_CUTTER" => Problem::Cutter,
        "EPTR_MECHANICAL" => Problem::Mechanical,
        "EPTR_UNRECOVERABLE" => Problem::Unrecoverable,
        "EPTR_AUTOMATICAL" => Problem::Hot,
        _ => return None,
    })
}

fn empty() -> escpos::Profile {
    escpos::Profile::generic_80mm().speaking(escpos::Language::Epos)
}

/// `http://host[:port]/…` as where to connect and what to ask there; a page without a path is the printer's own service.
fn parts(page: &str, patience: Duration) -> Option<(String, String, String)> {
    let rest = page.strip_prefix("http://")?;
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => (rest, "/".to_owned()),
    };
    let path = if path == "/" {
        escpos::epos::path(DEVICE, u32::try_from(patience.as_millis()).unwrap_or(u32::MAX))
    } else {
        path
    };
    let bare = host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_err());
    let address = if bare { format!("{host}:80") } else { host.to_owned() };
    Some((address, host.to_owned(), path))
}

async fn ask(
    page: &str,
    body: Vec<u8>,
    timeouts: Timeouts,
    patience: Duration,
) -> Result<EposAnswer, Failed> {
    let before = |reason| Failed { sent: false, reason };
    let after = |reason| Failed { sent: true, reason };
    let Some((address, host, path)) = parts(page, patience) else {
        return Err(before(Reason::Unreachable("no page of a printer".to_owned())));
    };
    let stream = match timeout(timeouts.connect, TcpStream::connect(&address)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(before(Reason::Unreachable(error.to_string()))),
        Err(_) => return Err(before(Reason::Unreachable("no connection in time".to_owned()))),
    };
    let request = Request::post(path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
        .header("SOAPAction", "\"\"")
        .header(header::CONNECTION, "close")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| before(Reason::Unreachable(error.to_string())))?;
    let broken = |error: hyper::Error| after(Reason::Broken(error.to_string()));
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let carried = tokio::spawn(connection);
    let asked = async {
        let response = sender.send_request(request).await.map_err(broken)?;
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        body.map_err(|error| after(Reason::Broken(error.to_string())))
    };
    let answered = timeout(patience, asked).await;
    carried.abort();
    let body = answered.map_err(|_| after(Reason::NoAnswer))??.to_bytes();
    EposAnswer::parse(&body).ok_or_else(|| after(Reason::BadAnswer))
}
