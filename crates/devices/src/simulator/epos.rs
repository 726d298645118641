//! One connection to a simulated printer that takes requests (ePOS-Print).

use std::convert::Infallible;
use std::sync::Arc;

use escpos::{EposAnswer, Problem, epos};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Answers, Ended, Shared};

/// Longest job, bytes.
const LONGEST: usize = 2 * 1024 * 1024;

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { answered(&shared, request).await }
    });
    // A sender that went away has nobody to be told.
    let _gone = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// None breaks the connection off, as the fault wants it.
#[derive(Debug)]
struct BreakOff;

impl std::fmt::Display for BreakOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken off")
    }
}

impl std::error::Error for BreakOff {}

async fn answered(
    shared: &Shared,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, BreakOff> {
    if request.method() != Method::POST {
        return Ok(said(StatusCode::METHOD_NOT_ALLOWED, String::new()));
    }
    let Ok(body) = Limited::new(request.into_body(), LONGEST).collect().await else {
        return Ok(said(StatusCode::PAYLOAD_TOO_LARGE, String::new()));
    };
    let body = body.to_bytes();
    let faults = shared.state().faults;
    shared.state().record(&body);
    let answer = printed(shared, &body);
    if faults.drop_after.is_some_and(|limit| limit < body.len()) {
        return Err(BreakOff);
    }
    let text = match faults.answers {
        Answers::Mute => std::future::pending::<Infallible>().await.to_string(),
        Answers::Garbage => "\u{FFFD}".repeat(40),
        Answers::LowGarbage => "\0".repeat(40),
        Answers::Late(delay) => {
            tokio::time::sleep(delay).await;
            answer.to_xml()
        }
        Answers::Normal => answer.to_xml(),
    };
    Ok(said(StatusCode::OK, text))
}

fn said(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response
}

/// Prints a job. Such a printer looks at its state first: with the cover open not a line comes out.
fn printed(shared: &Shared, body: &[u8]) -> EposAnswer {
    let Some(ops) = epos::decode(body) else {
        let status = Some(shared.state().status());
        return EposAnswer { success: false, code: "SchemaError".to_owned(), status };
    };
    let failed = |status: escpos::Status| EposAnswer {
        success: false,
        code: status.problem().map_or("", code).to_owned(),
        status: Some(status),
    };
    shared.change(|state| {
        let before = state.status();
        if before.problem().is_some() || ops.is_empty() {
            let mut answer = failed(before);
            answer.success = before.problem().is_none();
            return answer;
        }
        let number = state.begin();
        for op in ops {
            if state.status().problem().is_some() {
                // The rest is thrown away: the printer says that the job failed.
                state.end(number, Ended::BrokenOff);
                return failed(state.status());
            }
            state.carry_out(number, op);
        }
        state.end(number, Ended::Whole);
        EposAnswer { success: true, code: String::new(), status: Some(state.status()) }
    })
}

fn code(problem: Problem) -> &'static str {
    match problem {
        Problem::CoverOpen => "EPTR_COVER_OPEN",
        Problem::PaperEnd => "EPTR_REC_EMPTY",
        Problem::Cutter => "EPTR_CUTTER",
        Problem::Mechanical => "EPTR_MECHANICAL",
        Problem::Hot => "EPTR_AUTOMATICAL",
        Problem::Unrecoverable | Problem::Offline => "EPTR_UNRECOVERABLE",
    }
}
