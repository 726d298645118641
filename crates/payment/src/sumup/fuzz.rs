//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that it
//! returns, and what else it asserts.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::told::{Names, refused};
use super::words::{
    Accepted, Checkout, Data, Pairing, Reader, Refund, Refused, Status, Transaction, read,
};
use super::{Secret, Sumup};
use crate::driver::Ask;
use crate::meaning::Meaning;

/// Bytes as each thing that SumUp says or is told: what can be read can be written and read again, and no
/// card number comes through.
///
/// Returns whether all of that held.
#[must_use]
pub fn message(bytes: &[u8]) -> bool {
    let _ = refused(422, bytes);
    again::<Data<Status>>(bytes)
        && again::<Data<Accepted>>(bytes)
        && again::<Reader>(bytes)
        && again::<Refused>(bytes)
        && again::<Pairing>(bytes)
        && again::<Checkout>(bytes)
        && again::<Refund>(bytes)
        && again::<Transaction>(bytes)
        && understood(bytes)
}

fn again<T: Serialize + DeserializeOwned + PartialEq>(bytes: &[u8]) -> bool {
    read::<T>(bytes).is_none_or(|said| {
        serde_json::to_vec(&said).is_ok_and(|written| read::<T>(&written) == Some(said))
    })
}

/// What a payment of any shape means: never money that is below nothing, or without a number.
fn understood(bytes: &[u8]) -> bool {
    let Some(said) = read::<Transaction>(bytes) else { return true };
    let secret = Secret {
        api_key: "k".to_owned(),
        app_id: "a".to_owned(),
        affiliate_key: "f".to_owned(),
        root: None,
    };
    let sumup = Sumup::new(("MH4H92C7", "rdr_1"), &secret, ("EUR", 2), || [0; 32]);
    let Ok(sumup) = sumup else { return false };
    let ask = Ask {
        amount: 100,
        currency: "EUR".to_owned(),
        at: None,
        key: String::new(),
        time: String::new(),
        age: 0,
        tips: false,
    };
    let foreign = said.foreign_transaction_id.clone().unwrap_or_default();
    let names = Names { foreign: &foreign, client: said.client_transaction_id.as_deref() };
    let _ = sumup.given_back(&said.id, &said);
    match sumup.paid(&ask, names, &said, false) {
        Some(Meaning::Yes(approved, misfit)) => {
            let fits = approved.amount == 100 && approved.currency == "EUR";
            let last4 = approved.last4.as_ref().is_none_or(|digits| digits.len() == 4);
            approved.amount >= 0
                && approved.receipt.is_some()
                && last4
                && misfit.is_none() == fits
                && [approved.scheme, approved.authorisation]
                    .into_iter()
                    .flatten()
                    .all(|text| !crate::clean::holds_card_number(&text))
        }
        _ => true,
    }
}
