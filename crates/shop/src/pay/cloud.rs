//! Terminals that are asked through their provider's servers: keys as they are typed in, and pairing.

use domain::settings::{TerminalProtocol, TerminalSettings};
use payment::driver::{End, Talk};
use payment::https::Https;
use payment::line::{Pace, run_over};
use payment::sumup::{self, Secret, Sumup};
use payment::tls::Abrupt;
use payment::{Driver, Said};
use serde::{Deserialize, Serialize};

use super::service::Nobody;
use crate::api::payments::{TerminalKey, TerminalPaired};
use crate::ids::draw;

/// Why a key cannot be one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadKey {
    #[error("this terminal is not asked through a provider")]
    NoProvider,
    #[error(transparent)]
    Sumup(#[from] sumup::BadSettings),
    #[error(transparent)]
    Adyen(#[from] payment::adyen::BadSettings),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// A key as it is kept: with whom it was told for, so that it is shown to nobody else when an address is changed.
#[derive(Serialize, Deserialize)]
struct Kept {
    told_for: String,
    key: TerminalKey,
}

fn whom(terminal: &TerminalSettings) -> String {
    let merchant = terminal.merchant.as_deref().unwrap_or_default();
    format!("{:?} {} {merchant}", terminal.protocol, terminal.address)
}

/// A key as it is kept.
///
/// # Errors
/// When it cannot be one.
pub(crate) fn keep(terminal: &TerminalSettings, key: TerminalKey) -> Result<String, BadKey> {
    way(terminal, &key)?;
    Ok(serde_json::to_string(&Kept { told_for: whom(terminal), key })?)
}

/// The key that was kept for this terminal as it is set now; none when it was told for another.
pub(crate) fn kept(terminal: &TerminalSettings, text: &str) -> Option<TerminalKey> {
    let kept = serde_json::from_str::<Kept>(text).ok()?;
    (kept.told_for == whom(terminal)).then_some(kept.key)
}

/// A key of SumUp's, as it is typed in.
fn secret(key: &TerminalKey) -> Secret {
    Secret {
        api_key: key.api_key.clone(),
        app_id: key.app_id.clone().unwrap_or_default(),
        affiliate_key: key.affiliate_key.clone().unwrap_or_default(),
        root: key.root_certificate.clone(),
    }
}

/// Checks a key, and makes the way of it.
///
/// # Errors
/// When it cannot be one.
pub(super) fn way(terminal: &TerminalSettings, key: &TerminalKey) -> Result<Https<Abrupt>, BadKey> {
    match terminal.protocol {
        TerminalProtocol::SumupCloud => {
            let secret = secret(key);
            sumup::check_secret(&secret)?;
            Ok(sumup::way(&terminal.address, &secret)?)
        }
        TerminalProtocol::AdyenCloud => {
            let root = key.root_certificate.as_deref();
            Ok(payment::adyen::Adyen::cloud_way(&terminal.address, &key.api_key, root)?)
        }
        TerminalProtocol::ZvtTcp
        | TerminalProtocol::ZvtTls
        | TerminalProtocol::ZvtSerial
        | TerminalProtocol::AdyenLocal => Err(BadKey::NoProvider),
    }
}

/// The driver of a terminal, which asks who it is before each payment where somebody `vouched` for it; none
/// while its settings cannot be.
pub(super) fn driver(
    terminal: &TerminalSettings,
    key: &TerminalKey,
    money: (&str, u8),
    vouched: bool,
) -> Option<Box<dyn Driver>> {
    let at = (terminal.merchant.as_deref()?, terminal.terminal_id.as_deref()?);
    match terminal.protocol {
        TerminalProtocol::SumupCloud => {
            let driver = Sumup::new(at, &secret(key), money, draw).ok()?;
            Some(Box::new(if vouched { driver.asking_who() } else { driver }))
        }
        TerminalProtocol::AdyenCloud => {
            Some(Box::new(payment::adyen::Adyen::in_cloud(at, money, draw).ok()?))
        }
        TerminalProtocol::ZvtTcp
        | TerminalProtocol::ZvtTls
        | TerminalProtocol::ZvtSerial
        | TerminalProtocol::AdyenLocal => None,
    }
}

/// Why a reader was not paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPaired {
    /// There is no such code, or not any more.
    Code,
    /// SumUp does not take the key.
    Key,
    /// SumUp was not reached, or did not say.
    Unreachable,
}

/// Pairs the reader that shows this code with the merchant's account.
///
/// # Errors
/// When it was not paired; when SumUp did not say, it may have been.
pub(crate) async fn pair(
    terminal: &TerminalSettings,
    key: &TerminalKey,
    code: &str,
) -> Result<TerminalPaired, NotPaired> {
    let way = way(terminal, key).map_err(|_| NotPaired::Key)?;
    let merchant = terminal.merchant.as_deref().unwrap_or_default();
    let talk: Talk = sumup::pair(merchant, code, &terminal.name).map_err(|_| NotPaired::Code)?;
    match run_over(talk, &way, &Pace::default(), &mut Nobody).await {
        End::Identity(said) => Ok(TerminalPaired {
            terminal_id: said.tid.ok_or(NotPaired::Unreachable)?,
            model: said.model,
            serial: said.serial,
        }),
        End::NoMoney(Said::Cancelled { code }) => Err(match code {
            "wrong_key" => NotPaired::Key,
            "not_registered" | "protocol_error" | "function_impossible" => NotPaired::Code,
            _ => NotPaired::Unreachable,
        }),
        _ => Err(NotPaired::Unreachable),
    }
}
