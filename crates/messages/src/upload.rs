//! Brings a sealed receipt to the host that keeps it. The same one twice is the same one: silence may be followed by another try.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hyper::Method;

use crate::Outcome;
use crate::http::{Ask, ask, refused};

/// The host.
#[derive(Clone)]
pub struct Host {
    /// Its address, without a path.
    pub address: String,
    /// The shop's token.
    pub token: String,
    /// How long it may take.
    pub patience: Duration,
}

/// Uploads what was sealed for an id, to be kept for so many days.
pub async fn put(host: &Host, id: &[u8; 16], days: u16, sealed: Vec<u8>) -> Outcome {
    let asked = Ask {
        method: Method::PUT,
        address: format!("{}/d/{}", host.address, Base64UrlUnpadded::encode_string(id)),
        headers: vec![
            ("authorization", format!("Bearer {}", host.token)),
            ("content-type", "application/octet-stream".to_owned()),
            ("x-tresen-days", days.to_string()),
        ],
        body: sealed,
    };
    match ask(asked, host.patience).await {
        Ok((status, _)) => refused(status).unwrap_or(Outcome::Sent),
        Err(outcome) => outcome,
    }
}
