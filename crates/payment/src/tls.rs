//! TLS to a terminal that has a certificate of its own: its chain must lead to a root that the shop was
//! given, and it must be made out to this very terminal. By which address the terminal is reached says
//! nothing about it and is not asked.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::verify_server_cert_signed_by_trust_anchor;
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use webpki::EndEntityCert;

use crate::line::{Dial, Tcp};

/// Most roots that are taken.
const ROOTS_MAX: usize = 8;
/// `commonName` (2.5.4.3), as DER has it.
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];

/// Why there can be no such connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTls {
    /// Not certificates in PEM.
    #[error("not a root certificate in PEM")]
    Root,
    /// Not a host and a port.
    #[error("not a host and a port")]
    Address,
    /// What shows who asks cannot stand in a header.
    #[error("not a key")]
    Key,
    /// This machine cannot do it.
    #[error("no TLS")]
    Provider,
}

/// Reads root certificates.
///
/// # Errors
/// When there is none, or too many, or one cannot be read.
pub fn roots(pem: &str) -> Result<RootCertStore, BadTls> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| BadTls::Root)?;
        store.add(certificate).map_err(|_| BadTls::Root)?;
    }
    if (1..=ROOTS_MAX).contains(&store.len()) { Ok(store) } else { Err(BadTls::Root) }
}

/// A way to a terminal over TLS, on top of another one.
#[derive(Clone)]
pub struct Tls<D> {
    below: D,
    host: String,
    name: ServerName<'static>,
    connector: TlsConnector,
}

impl<D: Dial> Tls<D> {
    /// To the terminal at `address` (`host:port`) whose certificate is made out to one of `names` and leads
    /// to a certificate in `root` (PEM).
    ///
    /// # Errors
    /// When `root` holds no certificate.
    pub fn over(below: D, address: &str, root: &str, names: Vec<String>) -> Result<Self, BadTls> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier { roots: roots(root)?, names, provider: Arc::clone(&provider) };
        Self::trusting(below, address, provider, Arc::new(verifier))
    }

    /// To the terminal at `address` that this verifier believes.
    pub(crate) fn trusting(
        below: D,
        address: &str,
        provider: Arc<CryptoProvider>,
        verifier: Arc<dyn ServerCertVerifier>,
    ) -> Result<Self, BadTls> {
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| BadTls::Provider)?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth();
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let host = host.trim_matches(['[', ']']);
        // Only sent along for servers of many names; the certificate is not held against it.
        let name = host.parse::<IpAddr>().map_or_else(
            |_| ServerName::try_from(host.to_owned()).ok(),
            |address| Some(ServerName::IpAddress(address.into())),
        );
        let name = name.unwrap_or(ServerName::IpAddress(IpAddr::from([127, 0, 0, 1]).into()));
        let connector = TlsConnector::from(Arc::new(config));
        Ok(Self { below, host: address.to_owned(), name, connector })
    }
}

impl Tls<Abrupt> {
    /// [`Tls::over`] TCP.
    ///
    /// # Errors
    /// When `root` holds no certificate.
    pub fn to(address: &str, root: &str, names: Vec<String>) -> Result<Self, BadTls> {
        Self::over(Abrupt(Tcp(address.to_owned())), address, root, names)
    }
}

impl<D: Dial> Dial for Tls<D> {
    type Stream = TlsStream<D::Stream>;

    async fn dial(&self) -> io::Result<Self::Stream> {
        let stream = self.below.dial().await?;
        self.connector.connect(self.name.clone(), stream).await
    }

    fn host(&self) -> &str {
        &self.host
    }
}

/// TCP that forgets what it has not yet sent when it is hung up: a request that nobody waits for any more must
/// not arrive later, after the terminal has said that it knows nothing of it.
#[derive(Debug, Clone)]
pub struct Abrupt(pub Tcp);

impl Dial for Abrupt {
    type Stream = TcpStream;

    async fn dial(&self) -> io::Result<TcpStream> {
        let stream = self.0.dial().await?;
        stream.set_zero_linger()?;
        Ok(stream)
    }
}

/// Whether a connection failed because of who answered.
pub fn is_distrust(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<Error>());
    matches!(cause, Some(Error::InvalidCertificate(_) | Error::NoCertificatesPresented))
}

/// Checks the chain and the name.
#[derive(Debug)]
struct Verifier {
    roots: RootCertStore,
    names: Vec<String>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let parsed = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &self.roots,
            intermediates,
            now,
            algorithms,
        )?;
        let bad = |_| Error::InvalidCertificate(CertificateError::BadEncoding);
        let certificate = EndEntityCert::try_from(end_entity).map_err(bad)?;
        if is_made_out_to(&certificate, &self.names) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::NotValidForName))
        }
    }

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

/// Whether one of its alternative names, or where it has none its common name, is exactly one of these.
fn is_made_out_to(certificate: &EndEntityCert<'_>, names: &[String]) -> bool {
    let is_one = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut alternative = certificate.valid_dns_names().peekable();
    if alternative.peek().is_some() {
        return alternative.any(is_one);
    }
    common_names(certificate.subject()).any(|name| std::str::from_utf8(name).is_ok_and(is_one))
}

/// The values of `commonName` in a subject: after the type comes a string of less than 128 bytes.
fn common_names(subject: &[u8]) -> impl Iterator<Item = &[u8]> {
    sets(subject).filter_map(|attribute| {
        let value = attribute.strip_prefix(COMMON_NAME.as_slice())?;
        match value {
            // UTF8String, PrintableString, IA5String
            [0x0c | 0x13 | 0x16, length, name @ ..] if usize::from(*length) == name.len() => {
                Some(name)
            }
            _ => None,
        }
    })
}

/// Any bytes as a subject, and as a certificate.
pub(crate) fn fuzz(bytes: &[u8]) {
    let _ = common_names(bytes).count();
    let names = ["terminal.test".to_owned()];
    let certificate = CertificateDer::from(bytes);
    let _ = EndEntityCert::try_from(&certificate).map(|known| is_made_out_to(&known, &names));
}

/// The attributes of a subject: what stands in `SET { SEQUENCE { … } }`, one after the other.
fn sets(subject: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = subject;
    std::iter::from_fn(move || {
        let (set, more) = element(0x31, rest)?;
        rest = more;
        element(0x30, set).map(|(attribute, _)| attribute)
    })
}

/// What an element of DER with this tag holds, and what follows; lengths up to 65,535.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(&[tag])?;
    let (length, rest) = match rest {
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_names_are_read_and_nothing_else_is() {
        let attribute = |oid: u8, tag: u8, text: &[u8]| {
            let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
            let value = [&[0x06, 3, 0x55, 4, oid, tag, length(text)], text].concat();
            let sequence = [&[0x30, length(&value)], value.as_slice()].concat();
            [&[0x31, length(&sequence)], sequence.as_slice()].concat()
        };
        let subject = [attribute(10, 0x0c, b"shop"), attribute(3, 0x0c, b"a.test")].concat();
        assert_eq!(common_names(&subject).collect::<Vec<_>>(), [b"a.test"]);
        for cut in 0..subject.len() {
            assert_eq!(common_names(&subject[..cut]).count(), 0, "{cut}");
        }
        assert_eq!(common_names(&attribute(3, 0x1e, b"bmp")).count(), 0);
        assert_eq!(common_names(&[0x31, 0x83, 1, 1, 1]).count(), 0);
    }
}
