//! A-Trust's interface (a.sign RK HSM) on this machine, without TLS. Its certificate says that it is none.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fiscal::at::certificate::Certificate;
use fiscal::at::{Code, Jws, Signature, Signer as _, SoftwareCard, jws};
use fiscal::de::tse::key::{Curve, PrivateKey};
use fiscal::de::tse::software::SoftwareUnit;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::Trouble;
use crate::at::{Secret, Setup as Way};
use crate::{Fault, fresh};

/// Longest request that is read, bytes.
const LONGEST: usize = 64 * 1024;

/// What the simulated device shall be.
pub struct Setup {
    /// Its address; loopback.
    pub listen: SocketAddr,
    /// Random bytes, for its key.
    pub seed: [u8; 32],
    /// Now, for its certificate.
    pub now: Timestamp,
    /// Who may use it.
    pub user: String,
    /// With which password.
    pub secret: Secret,
}

struct Provider {
    card: Mutex<SoftwareCard>,
    certificate: Vec<u8>,
    serial: String,
    user: String,
    secret: Secret,
    /// What goes wrong with signatures, each once.
    script: Mutex<Vec<Trouble>>,
    /// Nobody is there.
    gone: Mutex<bool>,
}

/// The device, until it is dropped.
pub struct Simulator {
    address: SocketAddr,
    provider: Arc<Provider>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Errors
    /// When its address cannot be had.
    pub fn start(setup: Setup) -> Result<Self, Fault> {
        if !setup.listen.ip().is_loopback() {
            return Err(Fault::Refused("address"));
        }
        let (unit, _log) = SoftwareUnit::new(fresh(&setup.seed, "A-Trust simulator"), setup.now)?;
        let certificate = unit.info()?.certificate;
        let secret = PrivateKey::bytes_from_seed(Curve::P256, &setup.seed);
        let secret = secret.try_into().map_err(|_| Fault::Unusable("self_test"))?;
        let card = SoftwareCard::new(secret).ok_or(Fault::Unusable("self_test"))?;
        let serial =
            Certificate::from_der(&certificate).ok_or(Fault::Unusable("self_test"))?.serial;
        let provider = Arc::new(Provider {
            card: Mutex::new(card),
            certificate,
            serial,
            user: setup.user,
            secret: setup.secret,
            script: Mutex::default(),
            gone: Mutex::default(),
        });
        let listener = TcpListener::bind(setup.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&provider);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serve = move || runtime.block_on(serve(listener, shared, stopped));
        let thread = std::thread::Builder::new().name("atrust".to_owned()).spawn(serve)?;
        Ok(Self { address, provider, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What shall go wrong with signatures, each once, in this order.
    pub fn script(&self, troubles: &[Trouble]) {
        let mut script = self.provider.script.lock().unwrap_or_else(PoisonError::into_inner);
        script.extend_from_slice(troubles);
    }

    /// Whether it answers at all.
    pub fn set_gone(&self, gone: bool) {
        *self.provider.gone.lock().unwrap_or_else(PoisonError::into_inner) = gone;
    }

    /// The way to it.
    #[must_use]
    pub fn way(&self, patience: Duration) -> Way {
        let base = format!("http://{}/asignrkonline/v2", self.address);
        Way { base, user: self.provider.user.clone(), patience }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, provider: Arc<Provider>, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { return };
        let provider = Arc::clone(&provider);
        let service = service_fn(move |request| answer(Arc::clone(&provider), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// What is answered.
enum Reply {
    Json(u16, Value),
    Text(&'static str),
    /// The connection is lost.
    Lost,
    /// Nobody waits that long.
    Late,
}

async fn answer(
    provider: Arc<Provider>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LONGEST).collect().await.map_err(io::Error::other)?.to_bytes();
    let path = parts.uri.path().strip_prefix("/asignrkonline/v2/").unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let (status, text) = match provider.reply(&parts.method, path, &body) {
        Reply::Json(status, value) => (status, value.to_string()),
        Reply::Text(text) => (200, text.to_owned()),
        Reply::Lost => return Err(io::ErrorKind::ConnectionReset.into()),
        Reply::Late => {
            std::future::pending::<()>().await;
            return Err(io::ErrorKind::TimedOut.into());
        }
    };
    let response = Response::builder().status(status);
    let response = response.header(hyper::header::CONTENT_TYPE, "application/json");
    response.body(Full::new(Bytes::from(text))).map_err(io::Error::other)
}

impl Provider {
    fn reply(&self, method: &Method, path: &str, body: &Value) -> Reply {
        if *self.gone.lock().unwrap_or_else(PoisonError::into_inner) {
            return Reply::Lost;
        }
        let Some((user, what)) = path.split_once('/') else { return Reply::Json(404, json!({})) };
        if user != self.user {
            return Reply::Json(404, json!({ "errorstring": "unknown user" }));
        }
        match (method, what) {
            (&Method::GET, "ZDA") => Reply::Json(200, json!({ "zdaid": "AT1" })),
            (&Method::GET, "Certificate") => Reply::Json(
                200,
                json!({
                    "Signaturzertifikat": Base64::encode_string(&self.certificate),
                    "Zertifizierungsstellen": [Base64::encode_string(&self.certificate)],
                    "Zertifikatsseriennummer": "",
                    "ZertifikatsseriennummerHex": self.serial.to_ascii_uppercase(),
                    "alg": "ES256",
                }),
            ),
            (&Method::POST, "Sign/JWS") => self.sign(body),
            _ => Reply::Json(404, json!({})),
        }
    }

    fn sign(&self, body: &Value) -> Reply {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("password") != self.secret.0 {
            return Reply::Json(401, json!({ "errorstring": "wrong password" }));
        }
        let trouble = {
            let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
            if script.is_empty() { None } else { Some(script.remove(0)) }
        };
        match trouble {
            Some(Trouble::Deaf | Trouble::Lost) => return Reply::Lost,
            Some(Trouble::Late) => return Reply::Late,
            Some(Trouble::Busy) => return Reply::Json(503, json!({})),
            Some(Trouble::Full) => return Reply::Json(500, json!({})),
            Some(Trouble::LoggedOut) => return Reply::Json(401, json!({})),
            Some(Trouble::Gibberish) => return Reply::Text("{\"result\":\"a.b\"}"),
            _ => {}
        }
        let Ok(mut code) = Code::parse(text("jws_payload")) else {
            return Reply::Json(400, json!({ "errorstring": "no code" }));
        };
        if trouble == Some(Trouble::WrongCounter) {
            // Another receipt than the one that was asked for.
            code.receipt.push('X');
        }
        let mut card = self.card.lock().unwrap_or_else(PoisonError::into_inner);
        let signed = card.sign(jws::signing_input(&code.to_string()).as_bytes());
        let Ok(mut bytes) = signed else { return Reply::Json(500, json!({})) };
        if trouble == Some(Trouble::WrongSignature) {
            bytes.reverse();
        }
        let jws = Jws { code, signature: Signature::Signed(Box::new(bytes)) };
        Reply::Json(200, json!({ "result": jws.compact() }))
    }
}
