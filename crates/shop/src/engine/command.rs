//! What can be said of a command by looking at it.

use domain::books::InvoiceTo;
use domain::{Command, Event, ShopCommand, TillCommand, TillId};

use crate::api::view::Made;

/// The till that a command is for.
pub(super) fn till_of(command: &Command) -> Option<TillId> {
    match command {
        Command::Till(till, _) => Some(*till),
        Command::Shop(_) => None,
    }
}

/// What a command of the office made.
pub(super) fn made(events: &[Event]) -> Option<Made> {
    events.iter().find_map(|event| match event {
        Event::ItemPut(item) => Some(Made::Item { item: item.id }),
        Event::PersonAdded(p) | Event::PersonChanged(p) => Some(Made::Person { person: p.id }),
        Event::CustomerPut(c) => Some(Made::Customer { customer: c.id }),
        Event::ImportBegan { import, .. } => Some(Made::Import { import: *import }),
        _ => None,
    })
}

/// The command's type as it stands in JSON; those that the program sends itself have none there.
pub(super) fn name_of(command: &Command) -> String {
    let value = match command {
        Command::Till(_, command) => serde_json::to_value(command),
        Command::Shop(command) => serde_json::to_value(command.bare()),
    };
    let name = value.ok().and_then(|v| v.get("type").and_then(|t| t.as_str().map(str::to_owned)));
    name.unwrap_or_else(|| "own".to_owned())
}

/// [`fingerprint`] as the file keeps it: without the name or the details in a command. Whoever has the file could
/// try a list of names on it, even after the person was forgotten; the entry's digest tells names
/// apart.
pub(super) fn stored_fingerprint(command: &Command, fingerprint: i64) -> i64 {
    let whole = match command {
        Command::Shop(whole) => whole,
        Command::Till(till, command) => return without_code(*till, command, fingerprint),
    };
    let nameless = match whole.bare() {
        ShopCommand::PutPerson { person, role, active, .. } => {
            let (person, role, active, name) = (*person, *role, *active, String::new());
            ShopCommand::PutPerson { person, name, role, active }
        }
        ShopCommand::PutCustomer { customer, term_days, limit, blocked, .. } => {
            let (customer, term_days, limit, blocked) = (*customer, *term_days, *limit, *blocked);
            let details = Box::default();
            ShopCommand::PutCustomer { customer, details, term_days, limit, blocked }
        }
        ShopCommand::IssueInvoice { receipt, recipient: InvoiceTo::Recipient { .. } } => {
            ShopCommand::IssueInvoice { receipt: *receipt, recipient: nobody() }
        }
        _ => return fingerprint,
    };
    self::fingerprint(&Command::Shop(match whole {
        ShopCommand::BasedOn { base, .. } => {
            ShopCommand::BasedOn { base: base.clone(), command: Box::new(nameless) }
        }
        _ => nameless,
    }))
}

/// Somebody of whom nothing is said.
fn nobody() -> InvoiceTo {
    InvoiceTo::Recipient { details: Box::default() }
}

/// The fingerprint of a command at a till without a name and without the voucher code in it: a code is money, and so is whatever tells
/// whether a guess is one.
fn without_code(till: TillId, command: &TillCommand, fingerprint: i64) -> i64 {
    if let TillCommand::IssueInvoice { receipt, recipient: InvoiceTo::Recipient { .. } } = command {
        let nameless = TillCommand::IssueInvoice { receipt: *receipt, recipient: nobody() };
        return self::fingerprint(&Command::Till(till, nameless));
    }
    if command.voucher_code().is_none() {
        return fingerprint;
    }
    let mut blank = command.clone();
    if let TillCommand::TopUpVoucher { code, .. }
    | TillCommand::PayVoucher { code, .. }
    | TillCommand::Scan { code, .. } = &mut blank
    {
        code.clear();
    }
    self::fingerprint(&Command::Till(till, blank))
}

/// Tells two commands apart that come with the same id.
pub(super) fn fingerprint(command: &Command) -> i64 {
    let bytes = match command {
        Command::Till(till, TillCommand::SignIn { person }) => {
            return journal::fingerprint(format!("sign-in {till} {person}").as_bytes());
        }
        // A weighing is the answer to what asked for it: the same command, asked again.
        Command::Till(till, TillCommand::Weighed { asked, .. }) => {
            return fingerprint(&Command::Till(*till, (**asked).clone()));
        }
        Command::Till(till, command) => {
            let mut bytes = till.0.to_be_bytes().to_vec();
            // Writing JSON into memory cannot fail for these types; an empty rest would only make
            // two broken commands look alike.
            let _ = serde_json::to_writer(&mut bytes, command);
            bytes
        }
        Command::Shop(command) => {
            serde_json::to_vec(command).unwrap_or_else(|_| format!("{command:?}").into_bytes())
        }
    };
    journal::fingerprint(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_keeps_of_a_command_does_not_tell_its_name_whatever_it_was_based_on() {
        let put = |name: &str| ShopCommand::PutPerson {
            person: None,
            name: name.to_owned(),
            role: domain::Role::Cashier,
            active: true,
        };
        let based = |name: &str| ShopCommand::BasedOn {
            base: "0".to_owned(),
            command: Box::new(put(name)),
        };
        let kept = |command: ShopCommand| {
            let command = Command::Shop(command);
            stored_fingerprint(&command, fingerprint(&command))
        };
        assert_eq!(kept(put("Ada")), kept(put("Grace")));
        assert_eq!(kept(based("Ada")), kept(based("Grace")));
        assert_ne!(kept(put("Ada")), kept(based("Ada")));
        let customer = |name: &str, term_days| ShopCommand::PutCustomer {
            customer: None,
            details: Box::new(domain::account::CustomerDetails {
                name: name.to_owned(),
                ..domain::account::CustomerDetails::default()
            }),
            term_days,
            limit: None,
            blocked: false,
        };
        assert_eq!(kept(customer("Ada", 14)), kept(customer("Grace", 14)));
        assert_ne!(kept(customer("Ada", 14)), kept(customer("Ada", 15)));
        let invoice = |name: &str, number, till| {
            let details =
                domain::account::CustomerDetails { name: name.to_owned(), ..Default::default() };
            let recipient = InvoiceTo::Recipient { details: Box::new(details) };
            let number = domain::ReceiptNo(number);
            let receipt = domain::ReceiptRef { till: TillId(1), number };
            let command = if till {
                Command::Till(TillId(1), TillCommand::IssueInvoice { receipt, recipient })
            } else {
                Command::Shop(ShopCommand::IssueInvoice { receipt, recipient })
            };
            stored_fingerprint(&command, fingerprint(&command))
        };
        for till in [true, false] {
            assert_eq!(invoice("Ada", 1, till), invoice("Grace", 1, till));
            assert_ne!(invoice("Ada", 1, till), invoice("Ada", 2, till));
        }
    }
}
