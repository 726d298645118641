//! What the shop tells the tax office of its recording systems (AO § 146a (4)), as far as it stands nowhere else.
//!
//! Which fields the form asks for is known from secondary sources (see docs/de/nachschau.md); the authority's own form is
//! what counts.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{TillId, UnitId};

/// What is to be told beside the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// The taxpayer, where it is not the shop's name: the company or the owner.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub taxpayer: String,
    /// The tax office that the shop belongs to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tax_office: String,
    /// The tills.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tills: Vec<TillNotice>,
    /// The signing units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitNotice>,
    /// Where backups lie and who makes them, in the shop's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub backups: String,
    /// How the shop controls its own bookkeeping (IKS), in the shop's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub controls: String,
}

/// A till as it is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TillNotice {
    /// Which; it may be one that is no more.
    pub till: TillId,
    /// The device that it runs on: maker and model.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
    /// Bought, rented or leased on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub acquired: Option<Date>,
    /// In use from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Out of use from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

/// A signing unit as it is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitNotice {
    /// Which; it may be one that is no more.
    pub unit: UnitId,
    /// Number of its certification: `BSI-K-TR-0000-2024`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certification: String,
    /// What it is: USB stick, in the cloud, in the network.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// In use from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Out of use from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
}

impl Notification {
    /// Its texts with the longest that each may be: fields by name.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str, usize)> {
        let own = [
            ("taxpayer", self.taxpayer.as_str(), 200),
            ("tax_office", self.tax_office.as_str(), 200),
        ];
        let tills = self.tills.iter().map(|till| ("device", till.device.as_str(), 200));
        let units = self.units.iter().flat_map(|unit| {
            [("certification", unit.certification.as_str(), 60), ("form", unit.form.as_str(), 120)]
        });
        own.into_iter().chain(tills).chain(units)
    }
}
