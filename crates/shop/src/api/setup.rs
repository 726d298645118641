//! The first run.

use domain::Settings;
use domain::settings::{Country, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::country::BothWords;

/// Whether the shop still has to be set up, and what each country begins with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SetupInfo {
    /// True until a manager exists.
    pub needed: bool,
    /// The settings a shop of each country begins with; empty once the shop is set up.
    pub countries: Vec<CountryDefaults>,
}

/// What a country begins with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountryDefaults {
    /// The country.
    pub country: Country,
    /// Its name.
    pub name: BothWords,
    /// The settings it begins with, names and address empty.
    pub settings: Settings,
}

/// The first set-up: the shop, its first till and its first manager.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// The one-time code that the program showed when it started.
    #[schema(max_length = 64)]
    pub code: String,
    /// Name of the shop.
    pub shop_name: String,
    /// Street, postal code and town, as printed.
    pub address: Vec<String>,
    /// Whose rules apply.
    pub country: Country,
    /// Language of receipts.
    pub language: Language,
    /// Tax number, printed.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// Name of the first till.
    pub till_name: String,
    /// `host:port` of its ESC/POS printer.
    #[serde(default)]
    pub printer: Option<String>,
    /// Name of the first manager, as shown on receipts.
    pub person_name: String,
    /// The manager's passphrase for the office: 15 to 128 characters.
    pub passphrase: String,
    /// The manager's PIN for the till: at least 6 digits.
    pub pin: String,
}

/// The settings, and which state of them this is. To change them, send the settings without `revision`,
/// and the revision as the command's `base`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SettingsView {
    /// The settings.
    #[serde(flatten)]
    pub settings: Settings,
    /// Another one after each change.
    pub revision: String,
}
