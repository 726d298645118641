//! What a receipt says without paper: the very figures of the paper, from the entry and the settings of its time.

use domain::Event;
use domain::receipt::IssuedReceipt;
use domain::settings::{Language, Settings};
use receipt::{Document, ReceiptData};
use store::{Reader, StoreError};

use crate::print;

/// A receipt without paper.
#[derive(Debug, Clone)]
pub struct Paperless {
    /// The receipt.
    pub issued: IssuedReceipt,
    /// The settings of its time.
    pub then: Settings,
    /// What stands beside it.
    pub beside: print::Beside,
    /// Its figures.
    pub data: ReceiptData,
    /// All of it as a document.
    pub document: Document,
}

impl Paperless {
    /// Its number as people say it: till and number.
    #[must_use]
    pub fn number(&self) -> String {
        let incarnation = self.issued.incarnation;
        format!("{}-{}", self.issued.till, print::numbered(self.issued.receipt.number, incarnation))
    }

    /// It is signed later: what stands there now is not all of it.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.beside.waits
    }

    /// A name for its file: `Bon-1-4812`.
    #[must_use]
    pub fn file_name(&self, ending: &str) -> String {
        let word = match self.then.language {
            Language::De => "Bon",
            Language::En => "receipt",
        };
        format!("{word}-{}.{ending}", self.number())
    }
}

/// The receipt of an entry without paper; none when the entry is no receipt. `name` says who served, by their number.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn paperless(
    reader: &Reader,
    name: &dyn Fn(domain::PersonId) -> String,
    seq: u64,
) -> Result<Option<Paperless>, StoreError> {
    let Some((_, Event::ReceiptIssued(_))) = reader.entry(seq)? else { return Ok(None) };
    let Some(issued) = reader.receipt_at(seq)? else { return Ok(None) };
    let Some(then) = reader.settings_before(seq)? else { return Ok(None) };
    let beside = print::beside(reader, &issued)?;
    let mut data = print::receipt_data(&then, &name(issued.person), &issued, &beside, None);
    data.shop.logo = print::logo(reader, &then)?;
    // Whoever has the paper as well sees which of the two this is.
    data.notes.push(
        match then.language {
            Language::De => "Elektronischer Beleg",
            Language::En => "Electronic receipt",
        }
        .to_owned(),
    );
    let document = receipt::receipt_document(&data);
    Ok(Some(Paperless { issued, then, beside, data, document }))
}
