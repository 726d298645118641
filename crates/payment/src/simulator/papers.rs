//! The certificate of a terminal or a provider, and the root that it leads to, both made when it starts. A ZVT terminal's
//! is signed by itself.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::pin::Fingerprint;

/// What the certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Papers {
    /// As it should be.
    Good,
    /// As it should be, but by its common name only.
    CommonName,
    /// Somebody else's.
    OtherName,
    /// Of many years ago.
    Expired,
}

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum NoPapers {
    /// The certificate.
    #[error(transparent)]
    Certificate(#[from] rcgen::Error),
    /// Its use.
    #[error(transparent)]
    Tls(#[from] tokio_rustls::rustls::Error),
}

/// What a provider that is simulated on this machine is called.
pub(super) fn here(papers: Papers) -> Vec<String> {
    let names: &[&str] = match papers {
        Papers::OtherName => &["elsewhere.invalid"],
        _ => &["127.0.0.1", "localhost"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What serves TLS, and the root in PEM. The first of the names is the common one.
pub(super) fn made(names: &[String], papers: Papers) -> Result<(TlsAcceptor, String), NoPapers> {
    let mut root = CertificateParams::new(Vec::new())?;
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.distinguished_name.push(DnType::CommonName, "Tresen simulator root");
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
    let alternative = if papers == Papers::CommonName { &[] } else { names };
    let mut leaf = CertificateParams::new(alternative)?;
    leaf.distinguished_name.push(DnType::OrganizationName, "Tresen simulator");
    if let Some(name) = names.first() {
        leaf.distinguished_name.push(DnType::CommonName, name);
    }
    if papers == Papers::Expired {
        (leaf.not_before, leaf.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    }
    let key = KeyPair::generate()?;
    let leaf = leaf.signed_by(&key, &root)?;
    Ok((acceptor(leaf.der().clone(), &key)?, root.pem()))
}

/// What serves TLS with a certificate signed by itself, and what that is known by.
pub(super) fn signed_by_itself() -> Result<(TlsAcceptor, Fingerprint), NoPapers> {
    let mut leaf = CertificateParams::new(vec!["terminal.invalid".to_owned()])?;
    leaf.distinguished_name.push(DnType::CommonName, "Tresen simulator");
    let key = KeyPair::generate()?;
    let leaf = leaf.self_signed(&key)?;
    let fingerprint = Fingerprint::of(leaf.der());
    Ok((acceptor(leaf.der().clone(), &key)?, fingerprint))
}

fn acceptor(
    leaf: CertificateDer<'static>,
    key: &KeyPair,
) -> Result<TlsAcceptor, tokio_rustls::rustls::Error> {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf], PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
