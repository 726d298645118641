//! a.sign RK HSM of A-Trust: a device at the provider, asked over HTTPS. It is named by a user and opened by a password;
//! each signature is a request of its own.
//!
//! Three requests are used: `GET {user}/ZDA`, `GET {user}/Certificate` and `POST {user}/Sign/JWS`, as several public programs ask
//! them. Sessions (`PUT Session/{user}`) would save the password on each request and nothing else; they end after an
//! hour, and so are not used.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fiscal::at::certificate::Certificate;
use fiscal::at::{Jws, Provider, Signature, Unit};
use hyper::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Device, Identity};
use crate::Fault;
use crate::fiskaly::http::{Host, Miss};

/// Where the interface is.
pub const LIVE: &str = "https://www.a-trust.at/asignrkonline/v2";
/// How long one answer may take unless it is said otherwise.
pub const PATIENCE: Duration = Duration::from_secs(5);

const BAD: Fault = Fault::Unusable("bad_answer");

/// The password. Shown by no `Debug`, in no fault.
#[derive(Clone)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Which device it is.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where the interface is: [`LIVE`]; without TLS on this very machine alone.
    pub base: String,
    /// The user, letters and digits.
    pub user: String,
    /// How long one answer may take.
    pub patience: Duration,
}

/// The device.
pub struct Atrust {
    host: Host,
    /// It is A-Trust's own, where receipts count.
    live: bool,
    setup: Setup,
    secret: Secret,
    known: Mutex<Option<Identity>>,
}

impl fmt::Debug for Atrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Atrust").field("setup", &self.setup).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Zda {
    zdaid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Certificates {
    signaturzertifikat: String,
    #[serde(default)]
    zertifizierungsstellen: Vec<String>,
}

#[derive(Deserialize)]
struct Signed {
    result: String,
}

impl Atrust {
    /// The way to it; nothing is asked yet.
    ///
    /// # Errors
    /// When the address is none that may be asked, or the user none that A-Trust gives.
    pub fn new(setup: Setup, secret: Secret) -> Result<Self, Fault> {
        let plain = setup.user.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if setup.user.is_empty() || !plain {
            return Err(Fault::Refused("user"));
        }
        let host = Host::new(&setup.base).ok_or(Fault::Refused("address"))?;
        let live = Host::new(LIVE).is_some_and(|live| live.is_same(&host));
        Ok(Atrust { host, live, setup, secret, known: Mutex::default() })
    }

    fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        what: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, Fault> {
        let path = format!("/{}/{what}", self.setup.user);
        let answer = self.host.ask(self.setup.patience, method, &path, None, body).map_err(
            |miss| match miss {
                Miss::Unreachable => Fault::Unusable("unreachable"),
                Miss::NotTrusted => Fault::Unusable("not_trusted"),
                Miss::Lost | Miss::NotKept => Fault::Unusable("no_answer"),
            },
        )?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| BAD),
            401 | 403 => Err(Fault::Unusable("credentials")),
            404 => Err(Fault::Unusable("user")),
            429 | 503 => Err(Fault::Unusable("busy")),
            _ => Err(Fault::Unusable("provider")),
        }
    }

    fn known(&self) -> Option<Identity> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What is there to try says so in its certificate, or stands where A-Trust lets others try.
fn certified(live: bool, certificate: &[u8]) -> bool {
    let says = |word: &str| {
        certificate.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    live && !says("test") && !says("not a certified")
}

impl Device for Atrust {
    fn identity(&self) -> Result<Identity, Fault> {
        let zda: Zda = self.ask(Method::GET, "ZDA", None)?;
        let said: Certificates = self.ask(Method::GET, "Certificate", None)?;
        let own = Base64::decode_vec(&said.signaturzertifikat).map_err(|_| BAD)?;
        let certificate = Certificate::from_der(&own).ok_or(BAD)?;
        let provider = Provider::new(&zda.zdaid).map_err(|_| BAD)?;
        let unit = Unit::new(provider, &certificate.serial).map_err(|_| BAD)?;
        let certified = certified(self.live, &own);
        let mut certificates = vec![own.clone()];
        for issuer in said.zertifizierungsstellen {
            certificates.push(Base64::decode_vec(&issuer).map_err(|_| BAD)?);
        }
        let identity = Identity { unit, key: certificate.key, certificates, certified };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity.clone());
        Ok(identity)
    }

    fn sign(&self, code: &str) -> Result<[u8; 64], Fault> {
        let identity = match self.known() {
            Some(identity) => identity,
            None => self.identity()?,
        };
        let body = json!({ "password": self.secret.0, "jws_payload": code });
        let body = serde_json::to_vec(&body).map_err(|_| Fault::Refused("code"))?;
        let signed: Signed = self.ask(Method::POST, "Sign/JWS", Some(body))?;
        let jws = Jws::parse(&signed.result).map_err(|_| BAD)?;
        // Another code, another key, or its words for being out of order: no signature over this code.
        let Signature::Signed(bytes) = &jws.signature else {
            return Err(Fault::Unusable("provider"));
        };
        if jws.code.to_string() != code || !identity.key.verifies(code, &jws.signature) {
            // The certificate may have been renewed: it is asked for anew the next time.
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
            return Err(Fault::Unusable("bad_signature"));
        }
        Ok(**bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_live(base: &str) -> bool {
        let setup =
            Setup { base: base.to_owned(), user: "u123456789".to_owned(), patience: PATIENCE };
        Atrust::new(setup, Secret("geheim".to_owned())).unwrap().live
    }

    #[test]
    fn a_trusts_own_address_is_known_however_it_is_typed() {
        for base in [
            LIVE,
            "https://www.a-trust.at/asignrkonline/v2/",
            "https://WWW.A-Trust.at/asignrkonline/v2",
            "https://www.a-trust.at:443/asignrkonline/v2",
        ] {
            assert!(is_live(base), "{base}");
        }
        for base in [
            "https://hs-abnahme.a-trust.at/asignrkonline/v2",
            "https://www.a-trust.at/asignrkonline/v1",
            "https://www.a-trust.at:8443/asignrkonline/v2",
            "http://127.0.0.1:8011",
        ] {
            assert!(!is_live(base), "{base}");
        }
    }

    #[test]
    fn a_certificate_is_certified_where_receipts_count_and_nothing_in_it_says_test() {
        assert!(certified(true, b"a.sign Premium Sig 05"));
        assert!(!certified(false, b"a.sign Premium Sig 05"));
        assert!(!certified(true, b"a.sign TEST Premium"));
        assert!(!certified(true, b"software, not a certified unit"));
    }
}
