//! The names of files in an export, which say again what stands in them.
//! Source: TR-03151-1 § 2.5.

use std::fmt;

use super::log::{LogContent, Operation, Record};
use super::time::TimeFormat;

/// What the name of a log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogName {
    /// How times are written: `Unixt`, `Utc`, `Gent`.
    pub format: String,
    /// The time, as that format writes it.
    pub time: String,
    /// The signature counter.
    pub counter: u64,
    /// What the log is about.
    pub about: NamedRecord,
    /// The number of the file among those of the same name.
    pub file: Option<u64>,
}

/// What a log's name says that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedRecord {
    /// A transaction.
    Transaction {
        /// Its number.
        number: u64,
        /// What was done to it.
        operation: Operation,
        /// The till.
        client: String,
    },
    /// The unit itself.
    System {
        /// What happened.
        event: String,
    },
    /// The security module.
    Audit,
}

impl LogName {
    /// The name of a log.
    pub fn of(content: &LogContent) -> Self {
        let about = match &content.record {
            Record::Transaction(transaction) => NamedRecord::Transaction {
                number: transaction.number,
                operation: transaction.operation,
                client: transaction.client.clone(),
            },
            Record::System(event) => NamedRecord::System { event: event.event.clone() },
            Record::Audit => NamedRecord::Audit,
        };
        let format = content.time.format;
        Self {
            format: format.file_prefix().to_owned(),
            time: format.text(content.time.at),
            counter: content.counter,
            about,
            file: None,
        }
    }

    /// Reads a name; none when it is not that of a log.
    pub fn read(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".log")?;
        let (format, rest) = name.split_once('_')?;
        let (time, rest) = rest.split_once('_')?;
        let (counter, rest) = rest.strip_prefix("Sig-")?.split_once('_')?;
        let (rest, file) = match rest.rsplit_once("_Fc-") {
            Some((rest, file)) => (rest, Some(file.parse().ok()?)),
            None => (rest, None),
        };
        let about = if rest == "Log-Aud" {
            NamedRecord::Audit
        } else if let Some(event) = rest.strip_prefix("Log-Sys_") {
            NamedRecord::System { event: event.to_owned() }
        } else {
            let (number, rest) = rest.strip_prefix("Log-Tra_No-")?.split_once('_')?;
            let (operation, client) = rest.split_once("_Client-")?;
            let mut all = Operation::ALL.into_iter();
            NamedRecord::Transaction {
                number: number.parse().ok()?,
                operation: all.find(|one| one.name().eq_ignore_ascii_case(operation))?,
                client: client.to_owned(),
            }
        };
        let (format, time) = (format.to_owned(), time.to_owned());
        Some(Self { format, time, counter: counter.parse().ok()?, about, file })
    }

    /// What the name says otherwise than the log, by its name in TR-03151; none when they agree.
    ///
    /// Times are compared to the second, events in capitals or not, tills by their letters and digits: units
    /// replace what files cannot be called by.
    pub fn difference(&self, content: &LogContent) -> Option<&'static str> {
        let theirs = Self::of(content);
        if self.format != theirs.format {
            return Some("time format");
        }
        if to_the_second(&self.time) != to_the_second(&theirs.time) {
            return Some("signatureCreationTime");
        }
        if self.counter != theirs.counter {
            return Some("signatureCounter");
        }
        match (&self.about, &theirs.about) {
            (
                NamedRecord::Transaction { number, operation, client },
                NamedRecord::Transaction { number: number_in, operation: op_in, client: client_in },
            ) => {
                if number != number_in {
                    Some("transactionNumber")
                } else if operation != op_in {
                    Some("operationType")
                } else if letters(client).ne(letters(client_in)) {
                    Some("clientId")
                } else {
                    None
                }
            }
            (NamedRecord::System { event }, NamedRecord::System { event: theirs }) => {
                letters(event).map(lower).ne(letters(theirs).map(lower)).then_some("eventType")
            }
            (NamedRecord::Audit, NamedRecord::Audit) => None,
            _ => Some("certifiedDataType"),
        }
    }
}

fn to_the_second(time: &str) -> &str {
    let time = time.trim_end_matches('Z');
    time.split_once('.').map_or(time, |(whole, _)| whole)
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric())
}

fn lower(c: char) -> char {
    c.to_ascii_lowercase()
}

impl fmt::Display for LogName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_Sig-{}_", self.format, self.time, self.counter)?;
        match &self.about {
            NamedRecord::Transaction { number, operation, client } => {
                write!(f, "Log-Tra_No-{number}_{}_Client-{client}", operation.name())?;
            }
            NamedRecord::System { event } => write!(f, "Log-Sys_{event}")?,
            NamedRecord::Audit => write!(f, "Log-Aud")?,
        }
        if let Some(file) = self.file {
            write!(f, "_Fc-{file}")?;
        }
        write!(f, ".log")
    }
}

/// The name of an export that was made at that moment.
pub fn export_name(format: TimeFormat, at: jiff::Timestamp) -> String {
    format!("Export_{}_{}.tar", format.file_prefix(), format.text(at))
}
