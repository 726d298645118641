//! What a shop's country asks of its records: how they are secured, and in which forms they are handed out. Whoever proves,
//! shows or exports something asks here; the rules themselves are each country's own (`fiscal`).

use domain::settings::{Country, Settings};
use money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// How a country's law secures receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secured {
    /// By signing units (TSE).
    Units,
    /// By a chain of codes for each till (RKSV).
    Chains,
    /// By nothing but the journal.
    Nothing,
}

/// How this shop's receipts are secured by law, whatever is set up.
pub(crate) const fn secured(settings: &Settings) -> Secured {
    match settings.country {
        Country::De => Secured::Units,
        Country::At => Secured::Chains,
        Country::Ch => Secured::Nothing,
    }
}

/// What a shop and its auditors are offered beside journal, receipts, closings and documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offered {
    /// Till days by DSFinV-K.
    pub dsfinvk: bool,
    /// Signing units, their outages and exports (TAR).
    pub units: bool,
    /// The notification of recording systems (§ 146a (4) AO).
    pub notification: bool,
    /// Chains by the RKSV and their export (DEP7).
    pub chains: bool,
    /// Postings for DATEV.
    pub datev: bool,
}

/// What means something in this shop's country, and is offered there.
#[must_use]
pub fn offered(settings: &Settings) -> Offered {
    let secured = secured(settings);
    let german = secured == Secured::Units;
    Offered {
        dsfinvk: german,
        units: german,
        notification: german,
        chains: secured == Secured::Chains,
        datev: german && settings.currency == Currency::EUR,
    }
}
