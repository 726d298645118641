//! Lamps: whether what a till needs is well, and what to do when it is not.

use serde::Serialize;
use utoipa::ToSchema;

/// Which part of the till a lamp stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LampKind {
    /// The record on disk.
    Record,
    /// The receipt printer.
    Printer,
    /// The card terminal.
    Terminal,
    /// The cash machine.
    CashMachine,
    /// The signing unit.
    Signing,
    /// The scanners that are no keyboards.
    Scanner,
    /// The scale, while nobody weighs.
    Scale,
    /// The customer's display of two lines.
    Display,
    /// Mail, texts and pages of receipts on their way out.
    Messages,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LampState {
    /// All is well.
    Ok,
    /// Worth a look.
    Warn,
    /// Does not work.
    Bad,
}

/// A lamp. The screen translates `code` into one sentence: what is wrong, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lamp {
    /// Part.
    pub kind: LampKind,
    /// State.
    pub state: LampState,
    /// Stable code: `ok`, `none` (no printer set up), `paper_low`, `paper_out`, `cover_open`,
    /// `unreachable`, `error`, `spare` (the till prints on the other printer), `drawer_open` (for too long),
    /// `unknown` (a job's fate is not known: `waiting` counts those, a person settles them), `scanner_gone`, `scale_gone`, `display_gone`, `disk_low`, `not_stored` (the last thing done could not be recorded).
    /// Of messages: `mail_`, `sms_` or `upload_` and why they wait (`unreachable`, `login`, …), `unsettled`.
    pub code: String,
    /// How many jobs wait.
    pub waiting: u32,
}
