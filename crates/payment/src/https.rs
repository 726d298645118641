//! HTTPS to a provider in the internet: who answers must prove by a certificate to be the host that was asked
//! for, before the key is sent. Trusted are the roots that Mozilla trusts, or, where one is given, that one
//! alone.

use std::io;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::line::{Dial, Tcp};
use crate::post::Credential;
use crate::tls::{Abrupt, BadTls, roots};

/// The port that goes without saying.
const USUAL: &str = ":443";

/// A way to a provider, on top of another one.
#[derive(Clone)]
pub struct Https<D> {
    below: D,
    host: String,
    name: ServerName<'static>,
    connector: TlsConnector,
    credential: Credential,
}

impl<D: Dial> Https<D> {
    /// To the host at `address` (`host:port`), which trusts what `credential` shows. `root` (PEM): only
    /// certificates that lead there are believed.
    ///
    /// # Errors
    /// When the address is none, or `root` holds no certificate.
    pub fn over(
        below: D,
        address: &str,
        root: Option<&str>,
        credential: Credential,
    ) -> Result<Self, BadTls> {
        let roots = match root {
            Some(pem) => roots(pem)?,
            None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| BadTls::Provider)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (host, _) = address.rsplit_once(':').ok_or(BadTls::Address)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| BadTls::Address)?;
        let connector = TlsConnector::from(Arc::new(config));
        let host = address.strip_suffix(USUAL).unwrap_or(address).to_owned();
        Ok(Self { below, host, name, connector, credential })
    }
}

impl Https<Abrupt> {
    /// [`Https::over`] TCP.
    ///
    /// # Errors
    /// When the address is none, or `root` holds no certificate.
    pub fn to(address: &str, root: Option<&str>, credential: Credential) -> Result<Self, BadTls> {
        Self::over(Abrupt(Tcp(address.to_owned())), address, root, credential)
    }
}

impl<D: Dial> Dial for Https<D> {
    type Stream = TlsStream<D::Stream>;

    async fn dial(&self) -> io::Result<Self::Stream> {
        let stream = self.below.dial().await?;
        self.connector.connect(self.name.clone(), stream).await
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn credential(&self) -> Option<&Credential> {
        Some(&self.credential)
    }
}
