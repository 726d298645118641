//! TLS to a terminal whose certificate nobody has signed but itself: it is known by its fingerprint, which a
//! person took over when it was seen first. Another certificate is refused, and nothing is sent to whoever
//! shows it. Name, chain and dates say nothing here and are not asked.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::timeout;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use crate::line::{Dial, Tcp};
use crate::tls::{BadTls, Tls};

/// SHA-256 over the whole certificate. Written as pairs of hexadecimal digits with colons between them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// Not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 64 hexadecimal digits")]
pub struct BadFingerprint;

impl Fingerprint {
    /// Of this certificate (DER).
    #[must_use]
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl FromStr for Fingerprint {
    type Err = BadFingerprint;

    /// With or without colons and blanks, in either case.
    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(BadFingerprint)?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d)).collect();
        if digits.len() != 64 {
            return Err(BadFingerprint);
        }
        bytes.try_into().map(Self).map_err(|_| BadFingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The way to the terminal at `address` (`host:port`) that has this certificate and no other.
///
/// # Errors
/// When this machine cannot do it.
pub fn to(address: &str, fingerprint: Fingerprint) -> Result<Tls<Tcp>, BadTls> {
    way(address, &Pin::new(Some(fingerprint)))
}

/// Looks which certificate is shown at `address`. Nothing is sent there but the greeting of TLS.
///
/// # Errors
/// When nobody answers within `patience`, or not in TLS.
pub async fn look(address: &str, patience: Duration) -> io::Result<Fingerprint> {
    let pin = Pin::new(None);
    let way = way(address, &pin).map_err(io::Error::other)?;
    let dialed = timeout(patience, way.dial()).await;
    let seen = *pin.seen.lock().unwrap_or_else(PoisonError::into_inner);
    match (seen, dialed) {
        (Some(seen), _) => Ok(seen),
        (None, Ok(Err(error))) => Err(error),
        (None, _) => Err(io::ErrorKind::TimedOut.into()),
    }
}

fn way(address: &str, pin: &Arc<Pin>) -> Result<Tls<Tcp>, BadTls> {
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<Pin>::clone(pin);
    Tls::trusting(Tcp(address.to_owned()), address, Arc::clone(&pin.provider), verifier)
}

/// Believes one certificate; none when it only looks.
#[derive(Debug)]
struct Pin {
    known: Option<Fingerprint>,
    seen: Mutex<Option<Fingerprint>>,
    provider: Arc<CryptoProvider>,
}

impl Pin {
    fn new(known: Option<Fingerprint>) -> Arc<Self> {
        let provider = Arc::new(ring::default_provider());
        Arc::new(Self { known, seen: Mutex::new(None), provider })
    }
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Fingerprint::of(end_entity);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        if self.known == Some(shown) {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    // That whoever shows the certificate has its key as well is checked like everywhere.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
