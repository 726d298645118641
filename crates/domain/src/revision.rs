//! Which state of a thing somebody looked at before they changed it.

use serde::Serialize;

use crate::account::Customer;
use crate::catalogue::Item;
use crate::people::Person;
use crate::settings::Settings;

/// A short figure of a thing's content: another content has another one. It guards against two people
/// who mean well, not against one who means ill.
fn of(value: &impl Serialize) -> String {
    // FNV-1a over the JSON. None of these types can fail to be written; an empty text would only make
    // two of them look alike.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let figure = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{figure:016x}")
}

/// That of the settings.
pub fn of_settings(settings: &Settings) -> String {
    of(settings)
}

/// That of an item.
pub fn of_item(item: &Item) -> String {
    of(item)
}

/// That of a person.
pub fn of_person(person: &Person) -> String {
    of(person)
}

/// That of a customer.
pub fn of_customer(customer: &Customer) -> String {
    of(customer)
}
