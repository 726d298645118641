//! Customers' details as they are now, opened, in memory; and those of then, for an invoice.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::CustomerId;
use domain::account::CustomerDetails;
use store::{Reader, StoreError};

use super::Key;

/// The kind under which the store keeps a version of a customer's details.
pub(crate) fn details_kind(version: u32) -> String {
    format!("customer-{version}")
}

/// What is digested and sealed: the details as JSON.
pub(crate) fn details_text(details: &CustomerDetails) -> String {
    // Texts alone: they can always be written.
    serde_json::to_string(details).unwrap_or_default()
}

/// What stands in the place of a customer whose name nobody knows (any more), in every language.
pub fn unnamed_customer(customer: CustomerId) -> String {
    format!("#{customer}")
}

/// A version of a customer's details; none once they were forgotten, or when they do not open.
pub fn details_of(
    reader: &Reader,
    customer: CustomerId,
    version: u32,
) -> Result<Option<CustomerDetails>, StoreError> {
    let kind = details_kind(version);
    let Some(row) = reader.personal_of(customer, &kind)? else { return Ok(None) };
    let opened = row.key.as_deref().and_then(Key::read).zip(row.sealed);
    let text = opened.and_then(|(key, sealed)| key.open(row.subject, &kind, &sealed));
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// All customers' details. Cheap to hand out: whoever changes them copies them first while others look.
#[derive(Debug, Clone, Default)]
pub struct Customers(Arc<BTreeMap<CustomerId, Arc<CustomerDetails>>>);

impl Customers {
    /// Opens the details of all customers who were not forgotten. Those that do not open are none here;
    /// verifying says so.
    pub(crate) fn load(reader: &Reader) -> Result<Customers, StoreError> {
        let mut known = BTreeMap::new();
        let mut filter = store::CustomerFilter::default();
        loop {
            let page = reader.accounts(filter, 500)?;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.customer.id);
            for account in page {
                let customer = account.customer;
                if let Some(details) = details_of(reader, customer.id, customer.version)? {
                    known.insert(customer.id, Arc::new(details));
                }
            }
        }
        Ok(Customers(Arc::new(known)))
    }

    /// A customer's details.
    pub fn get(&self, customer: CustomerId) -> Option<&CustomerDetails> {
        self.0.get(&customer).map(AsRef::as_ref)
    }

    /// By what the customer is called.
    pub fn title(&self, customer: CustomerId) -> String {
        self.get(customer).map_or_else(|| unnamed_customer(customer), |d| d.title().to_owned())
    }

    /// Customers whose number begins so, or in whose name, company and town every word is found; accents
    /// and case do not matter. By number.
    pub fn find<'c>(&'c self, text: &str) -> impl Iterator<Item = CustomerId> + use<'c> {
        let text = text.trim().trim_start_matches('#').to_owned();
        let words: Vec<String> = fold(&text).split_whitespace().map(str::to_owned).collect();
        self.0.iter().filter_map(move |(id, details)| {
            let numbered = !text.is_empty() && id.to_string().starts_with(&text);
            let told = fold(&format!("{} {} {}", details.name, details.company, details.town));
            (numbered || words.iter().all(|word| told.contains(word))).then_some(*id)
        })
    }

    pub(crate) fn set(&mut self, customer: CustomerId, details: CustomerDetails) {
        Arc::make_mut(&mut self.0).insert(customer, Arc::new(details));
    }

    pub(crate) fn forget(&mut self, customer: CustomerId) {
        Arc::make_mut(&mut self.0).remove(&customer);
    }
}

/// Without accents and case.
fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_found_by_number_and_by_parts_of_their_name() {
        let mut customers = Customers::default();
        let named = |name: &str, company: &str, town: &str| CustomerDetails {
            name: name.to_owned(),
            company: company.to_owned(),
            town: town.to_owned(),
            ..CustomerDetails::default()
        };
        customers.set(CustomerId(1), named("Anna Müller", "", "Köln"));
        customers.set(CustomerId(12), named("", "Müller & Söhne", "Bonn"));
        let found = |text: &str| customers.find(text).map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(found("muller"), [1, 12]);
        assert_eq!(found("MÜLLER bonn"), [12]);
        assert_eq!(found("12"), [12]);
        assert_eq!(found("#1"), [1, 12]);
        assert_eq!(found(""), [1, 12]);
        assert_eq!(found("Berlin"), [] as [u32; 0]);
        assert_eq!(customers.title(CustomerId(12)), "Müller & Söhne");
        assert_eq!(customers.title(CustomerId(7)), "#7");
    }
}
