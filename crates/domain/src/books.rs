//! What the books want to know of a shop: whom to ask about an invoice, and where its adviser books what (DATEV).

use std::collections::BTreeSet;

use jiff::civil::Date;
use money::Rate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{CustomerId, ReceiptRef, TaxKey};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// Whom to ask about an invoice; stands on electronic ones, whose form demands it (XRechnung). It is what the business
/// publishes of itself, not personal data: settings stay in the journal in clear, so no person is to be named here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShopContact {
    /// A department or a function.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Mail address; electronic answers go there as well.
    pub mail: String,
}

/// A chart of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// SKR03.
    Skr03,
    /// SKR04.
    Skr04,
}

/// What a figure of a closing is to the books.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BookPurpose {
    /// The drawer.
    Cash,
    /// Takings of a tax key at a rate.
    Sales,
    /// Takings for others (agencies).
    Agency,
    /// Multi-purpose vouchers, sold and redeemed.
    Vouchers,
    /// Paid by card.
    Card,
    /// Paid by transfer.
    Transfer,
    /// Sold on account, and paid for later.
    Receivables,
    /// Foreign cash that was taken.
    ForeignCash,
    /// Cash to the safe or the bank, and back as another float.
    Transit,
    /// Cash put in.
    PaidIn,
    /// Cash taken out.
    PaidOut,
    /// Counted less or more than booked.
    Difference,
    /// Tips of the staff.
    Tips,
    /// Cash rounding.
    Rounding,
}

/// Where something is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookAccount {
    /// What.
    pub purpose: BookPurpose,
    /// The tax key, with sales and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<TaxKey>,
    /// The rate, with sales and only there; hundredths of a percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub rate: Option<Rate>,
    /// Only cash movements with exactly this reason, or takings for the agency of this name; with those alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The account's number.
    pub number: u32,
    /// "BU-Schlüssel", 1 to 9999; none for accounts that know their tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<u16>,
}

/// How closings go to DATEV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatevSettings {
    /// The adviser's number, 1001 to 9999999.
    pub adviser: u32,
    /// The client's number, 1 to 99999.
    pub client: u32,
    /// First day of a business year, any one.
    #[schema(value_type = String, format = Date)]
    pub year_begins: Date,
    /// Digits of an account's number, 4 to 8.
    pub digits: u8,
    /// The chart.
    pub chart: Chart,
    /// Accounts other than the chart's own.
    #[serde(default)]
    pub accounts: Vec<BookAccount>,
    /// The postings are fixed: the adviser cannot change them.
    #[serde(default)]
    pub fixed: bool,
}

impl DatevSettings {
    fn check(&self) -> Result<(), &'static str> {
        let most = 10_u32.saturating_pow(u32::from(self.digits));
        if !(1_001..=9_999_999).contains(&self.adviser) {
            return Err("datev_adviser");
        }
        if !(1..=99_999).contains(&self.client) {
            return Err("datev_client");
        }
        if !(4..=8).contains(&self.digits) {
            return Err("datev_digits");
        }
        if self.accounts.len() > 500 {
            return Err("datev_accounts");
        }
        let mut seen = BTreeSet::new();
        for account in &self.accounts {
            if account.number == 0 || account.number >= most {
                return Err("datev_account");
            }
            if account.key.is_some_and(|key| !(1..=9_999).contains(&key)) {
                return Err("datev_key");
            }
            let sales = account.purpose == BookPurpose::Sales;
            let moves = matches!(
                account.purpose,
                BookPurpose::PaidIn
                    | BookPurpose::PaidOut
                    | BookPurpose::Transit
                    | BookPurpose::Agency
            );
            let whole = sales == account.tax.is_some()
                && sales == account.rate.is_some()
                && (moves || account.reason.is_none());
            // Of two accounts for one thing nobody could say which holds.
            let once =
                seen.insert((account.purpose, account.tax, account.rate, account.reason.as_ref()));
            if !whole || !once {
                return Err("datev_accounts");
            }
        }
        Ok(())
    }
}

/// For whom an invoice is made of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum InvoiceTo {
    /// A customer whom the shop knows, as their details are now.
    Customer {
        /// Who.
        customer: CustomerId,
    },
    /// Somebody new. They become a customer who buys nothing on account.
    Recipient {
        /// Name and address, whole.
        details: Box<crate::account::CustomerDetails>,
    },
}

/// A receipt became an invoice with somebody's name on it. The receipt stays as it is, and so does its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// For whom.
    pub customer: CustomerId,
    /// Which version of their details stands on it.
    pub version: u32,
}

/// Checks what the settings say for the books.
pub(crate) fn check(settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    if let Some(contact) = &settings.contact {
        crate::decide::check_text("contact_name", &contact.name, crate::decide::MAX_NAME)?;
        crate::decide::check_text("contact_phone", &contact.phone, crate::decide::MAX_NAME)?;
        crate::decide::check_text("contact_mail", &contact.mail, crate::decide::MAX_NAME)?;
        let parts = contact.mail.split_once('@');
        let fits = parts.is_some_and(|(name, at)| !name.is_empty() && at.contains('.'));
        if !fits || contact.mail.contains(char::is_whitespace) {
            return bad("contact_mail");
        }
    }
    if let Some(datev) = &settings.datev {
        for reason in datev.accounts.iter().filter_map(|account| account.reason.as_ref()) {
            crate::decide::check_text("reason", reason, crate::decide::MAX_TEXT)?;
        }
        if let Err(problem) = datev.check() {
            return bad(problem);
        }
    }
    let number = settings.vat_id.as_deref().filter(|text| !text.trim().is_empty());
    if let Some(problem) = number.and_then(|text| settings.country.profile().vat_number.wrong(text))
    {
        return bad(problem);
    }
    Ok(())
}
