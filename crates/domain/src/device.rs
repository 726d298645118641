//! Card terminals as devices: what the register says of each, what it says of itself, and whether cards are
//! taken at it.
//!
//! A terminal that was exchanged for another, or opened, is how card data is stolen (PCI DSS 9.5.1). So
//! what it reports is held against the register at every occasion, and people look at it in rounds.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::{DeviceInspected, DevicePhotographed, Event};
use crate::ids::{PersonId, TerminalId};
use crate::people::NameDigest;

/// So long before its end an approval is said to end soon, days.
pub const APPROVAL_WARNING_DAYS: i32 = 90;

/// A thing that a terminal says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceFact {
    /// Its identification (TID).
    TerminalId,
    /// The device.
    Model,
    /// Its serial number.
    Serial,
    /// Its software's version.
    Software,
}

impl DeviceFact {
    /// All of them.
    pub const ALL: [DeviceFact; 4] =
        [DeviceFact::TerminalId, DeviceFact::Model, DeviceFact::Serial, DeviceFact::Software];
}

/// Which device it is. What it does not say is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceIdentity {
    /// Its identification (TID).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<String>,
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// Its software's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software: Option<String>,
}

impl DeviceIdentity {
    /// One thing of it.
    pub fn get(&self, fact: DeviceFact) -> Option<&str> {
        match fact {
            DeviceFact::TerminalId => self.terminal_id.as_deref(),
            DeviceFact::Model => self.model.as_deref(),
            DeviceFact::Serial => self.serial.as_deref(),
            DeviceFact::Software => self.software.as_deref(),
        }
    }

    /// Each thing that it says, and the other's word where it says nothing.
    #[must_use]
    pub fn or(&self, other: &DeviceIdentity) -> DeviceIdentity {
        let either = |fact| self.get(fact).or(other.get(fact)).map(str::to_owned);
        DeviceIdentity {
            terminal_id: either(DeviceFact::TerminalId),
            model: either(DeviceFact::Model),
            serial: either(DeviceFact::Serial),
            software: either(DeviceFact::Software),
        }
    }

    /// What it says otherwise than `registered`. Of what either does not say nothing can be told.
    pub fn changed_from(&self, registered: &DeviceIdentity) -> Vec<DeviceChange> {
        let change = |fact| {
            let (before, now) = registered.get(fact).zip(self.get(fact))?;
            let (registered, reported) = (before.to_owned(), now.to_owned());
            (before != now).then_some(DeviceChange { fact, registered, reported })
        };
        DeviceFact::ALL.into_iter().filter_map(change).collect()
    }
}

/// A terminal says something else than the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceChange {
    /// What of.
    pub fact: DeviceFact,
    /// In the register.
    pub registered: String,
    /// What the terminal says.
    pub reported: String,
}

/// A card of the register, as people write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCard {
    /// Who made it.
    pub make: String,
    /// Which device it is: what the terminal says of itself, and what its label says of the rest.
    pub identity: DeviceIdentity,
    /// Where it stands.
    pub place: String,
    /// Number of its seal; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
    /// Number of its PCI PTS approval; empty when nobody looked it up.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub approval: String,
    /// The approval's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub approval_until: Option<Date>,
}

/// SHA-256 of a photo's bytes, which lie apart; 64 lower-case hexadecimal digits in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhotoDigest(pub [u8; 32]);

impl fmt::Display for PhotoDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        NameDigest(self.0).fmt(f)
    }
}

impl fmt::Debug for PhotoDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhotoDigest({self})")
    }
}

impl Serialize for PhotoDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PhotoDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        NameDigest::deserialize(deserializer).map(|digest| PhotoDigest(digest.0))
    }
}

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhotoKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Black dots (PBM), as receipts show them.
    Pbm,
}

/// What is looked at in a round of inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InspectionPoint {
    /// The seal is whole and has the number of the register.
    Seal,
    /// Nothing lies on the keys or sticks in the card's slot.
    Overlay,
    /// The cables are those that belong there, and nothing hangs between.
    Cables,
    /// The serial number on the label is the one of the register.
    Serial,
    /// Nothing around it watches the keys.
    Surroundings,
}

impl InspectionPoint {
    /// The list, in the order in which people go through it.
    pub const ALL: [InspectionPoint; 5] = [
        InspectionPoint::Seal,
        InspectionPoint::Overlay,
        InspectionPoint::Cables,
        InspectionPoint::Serial,
        InspectionPoint::Surroundings,
    ];
}

/// What was found at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointResult {
    /// Where.
    pub point: InspectionPoint,
    /// As it should be.
    pub ok: bool,
}

/// Why no card is taken at a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceStop {
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// What it says otherwise than the register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<DeviceChange>,
    /// What an inspection found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<InspectionPoint>,
}

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonId,
}

/// A terminal as a device: a fold of its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Which of the shop's terminals.
    pub terminal: TerminalId,
    /// Grows with each entry: whoever confirms something says what they looked at.
    pub revision: u32,
    /// What it said of itself, each thing as it was said last.
    #[serde(default)]
    pub reported: DeviceIdentity,
    /// Its card in the register; none before somebody took it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<DeviceCard>,
    /// Who took it over, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Done>,
    /// Its photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoDigest>,
    /// No card is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<DeviceStop>,
    /// Who inspected it last, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inspected: Option<Done>,
}

/// How long an approval is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Nobody said until when.
    Unknown,
    /// For long enough.
    Good,
    /// It ends soon.
    EndsSoon,
    /// It has ended.
    Ended,
}

impl Device {
    /// As it is before anything was said of it.
    pub fn new(terminal: TerminalId) -> Self {
        Device {
            terminal,
            revision: 0,
            reported: DeviceIdentity::default(),
            card: None,
            registered: None,
            photo: None,
            stop: None,
            inspected: None,
        }
    }

    /// It is in the register and said before which device it is: a terminal in its place that does not is not
    /// taken for it.
    pub fn must_name_itself(&self) -> bool {
        self.card.is_some() && (self.reported.serial.is_some() || self.reported.model.is_some())
    }

    /// The day on which it is to be inspected: so many days after the last time, or after it was taken into
    /// the register. None for one that is in no register.
    pub fn inspection_due(&self, every: u16, local: impl Fn(Timestamp) -> Date) -> Option<Date> {
        let last = self.inspected.or(self.registered)?;
        // Beyond the calendar's end nothing is due.
        local(last.at).checked_add(i32::from(every).days()).ok()
    }

    /// How its approval stands on a day.
    pub fn approval(&self, today: Date) -> ApprovalState {
        let Some(until) = self.card.as_ref().and_then(|card| card.approval_until) else {
            return ApprovalState::Unknown;
        };
        let warned = until.checked_sub(APPROVAL_WARNING_DAYS.days()).unwrap_or(Date::MIN);
        if today > until {
            ApprovalState::Ended
        } else if today >= warned {
            ApprovalState::EndsSoon
        } else {
            ApprovalState::Good
        }
    }
}

/// The terminal whose device an event is about.
pub fn terminal_of(event: &Event) -> Option<TerminalId> {
    match event {
        Event::DeviceConfirmed(confirmed) => Some(confirmed.terminal),
        Event::DeviceReported { terminal, .. }
        | Event::DeviceChanged { terminal, .. }
        | Event::DeviceRegistered { terminal, .. }
        | Event::DeviceInspected(DeviceInspected { terminal, .. })
        | Event::DevicePhotographed(DevicePhotographed { terminal, .. }) => Some(*terminal),
        _ => None,
    }
}

/// Takes an event of a device in.
pub(crate) fn apply(
    devices: &mut BTreeMap<TerminalId, Device>,
    at: Timestamp,
    person: Option<PersonId>,
    event: &Event,
) {
    let Some(terminal) = terminal_of(event) else { return };
    let device = devices.entry(terminal).or_insert_with(|| Device::new(terminal));
    device.revision = device.revision.saturating_add(1);
    let done = Done { at, by: person.unwrap_or(PersonId(0)) };
    match event {
        Event::DeviceReported { identity, .. } => {
            device.reported = identity.clone();
            if let Some(card) = &mut device.card {
                // What it never said before is held against from now on.
                card.identity = card.identity.or(identity);
            }
        }
        Event::DeviceChanged { identity, changed, .. } => {
            device.reported = identity.clone();
            let stop = stopped(device, at);
            stop.changed.clone_from(changed);
        }
        Event::DeviceRegistered { card, .. } => {
            device.card = Some((**card).clone());
            device.registered = device.registered.or(Some(done));
        }
        Event::DeviceConfirmed(confirmed) => {
            if let Some(card) = &mut device.card {
                card.identity = confirmed.identity.clone();
            }
            device.stop = None;
        }
        Event::DeviceInspected(DeviceInspected { points, .. }) => {
            device.inspected = Some(done);
            let findings = points.iter().filter(|result| !result.ok).map(|result| result.point);
            let findings: Vec<InspectionPoint> = findings.collect();
            if !findings.is_empty() {
                stopped(device, at).findings = findings;
            }
        }
        Event::DevicePhotographed(DevicePhotographed { photo, .. }) => device.photo = Some(*photo),
        _ => {}
    }
}

/// The device's stop, begun now unless it stands already.
fn stopped(device: &mut Device, at: Timestamp) -> &mut DeviceStop {
    device.stop.get_or_insert_with(|| DeviceStop {
        since: at,
        changed: Vec::new(),
        findings: Vec::new(),
    })
}
