//! What carries messages to a terminal: sealed ones in the shop's own network, or messages in clear through the
//! cloud, which lets in who has the key.

use std::sync::Arc;

use ::nexo::envelope::{Keys, NotOpened};
use ::nexo::message::Header;
use ::nexo::wire::{self, Answer};

use super::Draw;
use crate::driver::{Bytes, Output};

/// Where terminals take messages.
const PATH: &str = "/nexo";
/// How long a terminal may take for a payment, milliseconds: it gives up after 120 s by itself, the cloud
/// after 150 s.
const PAYMENT: u32 = 130_000;
const PAYMENT_IN_CLOUD: u32 = 160_000;

#[derive(Debug, Clone)]
pub(super) enum Carrier {
    /// Sealed.
    Local(Arc<Keys>),
    /// In clear, to this path.
    Cloud(Arc<str>),
}

/// What came instead of an answer, a stable code.
pub(super) struct NoAnswer {
    /// Nothing was at stake yet.
    pub(super) before: &'static str,
    /// Money was asked for.
    pub(super) after: &'static str,
}

impl Carrier {
    /// The terminal's path in the cloud.
    pub(super) fn cloud(merchant: &str, poi_id: &str) -> Self {
        Self::Cloud(format!("/v1/merchants/{merchant}/devices/{poi_id}/sync").into())
    }

    pub(super) fn post(
        &self,
        number: u8,
        header: &Header,
        message: &wire::Ask,
        draw: Draw,
    ) -> Output {
        let (path, body) = match self {
            Self::Local(keys) => {
                let mut nonce = ::nexo::envelope::Nonce::default();
                nonce.iter_mut().zip(draw()).for_each(|(to, from)| *to = from);
                (PATH, keys.seal_request(header, message, nonce))
            }
            Self::Cloud(path) => (&**path, wire::write_request(header, message)),
        };
        // Headers are made of the message they are for: there is no error to come.
        let body = Bytes(body.unwrap_or_default());
        Output::Post { number, path: path.to_owned(), body }
    }

    pub(super) fn read(&self, body: &[u8]) -> Result<(Header, Answer), NoAnswer> {
        match self {
            Self::Local(keys) => keys.open_response(body).map_err(|why| {
                let before = match why {
                    NotOpened::OtherKey | NotOpened::NotAuthentic => "wrong_password",
                    NotOpened::Form | NotOpened::TooLong => "not_registered",
                    NotOpened::Header | NotOpened::Message(_) => "protocol_error",
                };
                NoAnswer { before, after: "not_authentic" }
            }),
            Self::Cloud(_) => wire::read_response(body).map_err(|_| match wire::read_event(body) {
                // It was rejected, or is shutting down: the terminal itself said nothing.
                Ok(_) => NoAnswer { before: "not_ready", after: "no_outcome" },
                Err(_) => NoAnswer { before: "protocol_error", after: "unreadable" },
            }),
        }
    }

    /// Why a question was turned away before any terminal heard of it, a stable code; none when that is not
    /// certain.
    pub(super) const fn refused(&self, status: u16) -> Option<&'static str> {
        match (self, status) {
            (Self::Local(_), _) => None,
            (Self::Cloud(_), 401 | 403) => Some("wrong_key"),
            (Self::Cloud(_), 400 | 404 | 422) => Some("not_registered"),
            (Self::Cloud(_), 429) => Some("busy"),
            (Self::Cloud(_), _) => None,
        }
    }

    /// Why a terminal cannot be asked how it is.
    pub(super) const fn not_said(&self, status: u16) -> &'static str {
        match (self, self.refused(status)) {
            (_, Some(code)) => code,
            (Self::Local(_), None) => "not_registered",
            (Self::Cloud(_), None) => "unreachable",
        }
    }

    /// How long a payment may take, milliseconds.
    pub(super) const fn patience(&self) -> u32 {
        match self {
            Self::Local(_) => PAYMENT,
            Self::Cloud(_) => PAYMENT_IN_CLOUD,
        }
    }
}
