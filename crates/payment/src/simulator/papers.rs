//! The certificate of a ZVT terminal that speaks TLS: signed by itself, made when it starts.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use super::adyen::NoPapers;
use crate::pin::Fingerprint;

/// What serves TLS, and what the certificate is known by.
pub(super) fn made() -> Result<(TlsAcceptor, Fingerprint), NoPapers> {
    let mut leaf = CertificateParams::new(vec!["terminal.invalid".to_owned()])?;
    leaf.distinguished_name.push(DnType::CommonName, "Tresen simulator");
    let key = KeyPair::generate()?;
    let leaf = leaf.self_signed(&key)?;
    let fingerprint = Fingerprint::of(leaf.der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )?;
    Ok((TlsAcceptor::from(Arc::new(config)), fingerprint))
}
