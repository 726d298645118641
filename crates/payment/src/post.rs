//! Requests over HTTP/1.1, each on a connection of its own.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Method, Request as HttpRequest};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::driver::NotAnswered;
use crate::line::Dial;
use crate::tls;

/// Status and body.
pub(crate) type Answer = Result<(u16, Bytes), NotAnswered>;

/// A header that shows who asks. Its value is shown by no `Debug`.
#[derive(Debug, Clone)]
pub struct Credential {
    name: HeaderName,
    value: HeaderValue,
}

impl Credential {
    /// The header of that name; none when the value cannot stand in one.
    #[must_use]
    pub fn new(name: &'static str, value: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(value).ok()?;
        value.set_sensitive(true);
        Some(Self { name: HeaderName::from_static(name), value })
    }
}

/// What is asked: with a body it is posted.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) body: Option<Vec<u8>>,
}

/// One under way.
struct Under<'a> {
    number: u8,
    answer: Pin<Box<dyn Future<Output = Answer> + Send + 'a>>,
}

/// Requests under way. Dropping them closes their connections.
#[derive(Default)]
pub(crate) struct Posts<'a>(Vec<Under<'a>>);

impl<'a> Posts<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, number: u8, answer: impl Future<Output = Answer> + Send + 'a) {
        self.0.push(Under { number, answer: Box::pin(answer) });
    }

    /// The next that is answered, or never is; waits for ever when there is none.
    pub(crate) async fn next(&mut self) -> (u8, Answer) {
        poll_fn(|context| {
            for at in 0..self.0.len() {
                if let Poll::Ready(answer) = self.0[at].answer.as_mut().poll(context) {
                    return Poll::Ready((self.0.swap_remove(at).number, answer));
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Connects, asks, and reads the answer. How long the answer may take is the conversation's to say. Nothing is
/// asked twice, and nobody is followed elsewhere.
pub(crate) async fn ask<D: Dial>(dial: &D, patience: Duration, asked: Request) -> Answer {
    let stream = match timeout(patience, dial.dial()).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if tls::is_distrust(&error) => return Err(NotAnswered::NotTrusted),
        Ok(Err(_)) | Err(_) => return Err(NotAnswered::Unreachable),
    };
    let request = http(dial, asked).ok_or(NotAnswered::Unreachable)?;
    // From here on it may have arrived.
    let lost = |_| NotAnswered::Lost;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(lost)?;
    let asked = async {
        let response = sender.send_request(request).await.map_err(lost)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), nexo::LONGEST).collect().await;
        body.map(|body| (status, body.to_bytes())).map_err(|_| NotAnswered::Lost)
    };
    // What goes wrong with the connection is seen by who waits for its answer.
    let carried = async {
        let _ended = connection.await;
        pending::<Infallible>().await
    };
    let (mut asked, mut carried) = (pin!(asked), pin!(carried));
    tokio::select! {
        biased;
        answer = &mut asked => answer,
        never = &mut carried => match never {},
    }
}

fn http<D: Dial>(dial: &D, asked: Request) -> Option<HttpRequest<Full<Bytes>>> {
    let method = if asked.body.is_some() { Method::POST } else { Method::GET };
    let mut request = HttpRequest::builder()
        .method(method)
        .uri(asked.path)
        .header(hyper::header::HOST, dial.host())
        .header(hyper::header::CONNECTION, "close");
    if asked.body.is_some() {
        request = request.header(hyper::header::CONTENT_TYPE, "application/json");
    }
    if let Some(Credential { name, value }) = dial.credential() {
        // Providers turn away who does not say what they are.
        request = request
            .header(hyper::header::USER_AGENT, concat!("Tresen/", env!("CARGO_PKG_VERSION")))
            .header(hyper::header::ACCEPT, "application/json")
            .header(name, value);
    }
    request.body(Full::new(Bytes::from(asked.body.unwrap_or_default()))).ok()
}
