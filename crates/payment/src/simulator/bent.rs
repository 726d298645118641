//! What is wrong with the terminal itself, rather than with one transaction: somebody put another one in its
//! place, or it tells tills what no till may know.

use ::zvt::apdu::Packet;
use ::zvt::terminal::Settings;
use ::zvt::value::TerminalId;

/// A card number of the schemes' own test ranges: nobody has such a card.
pub const TEST_PAN: &str = "5598845555088074";
/// Its second track.
pub const TEST_TRACK_2: &str = "5598845555088074=25121010000000000000";

/// Which device answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// The one that was installed.
    #[default]
    Own,
    /// Another of the same model, with the same identification: only its serial number tells.
    Exchanged,
    /// The same one with other software.
    Updated,
    /// One with another identification.
    Renumbered,
    /// One with the same identification that does not say which device it is.
    Silent,
}

impl Device {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Own, Self::Exchanged, Self::Updated, Self::Renumbered, Self::Silent];

    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Exchanged => "exchanged",
            Self::Updated => "updated",
            Self::Renumbered => "renumbered",
            Self::Silent => "silent",
        }
    }

    /// The device of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|device| device.name() == name)
    }

    /// The settings of this device in the place of `own`.
    pub(super) fn of(self, own: &Settings) -> Settings {
        let mut settings = own.clone();
        match self {
            Self::Own => {}
            Self::Exchanged => settings.serial = b"SIM-0002".to_vec(),
            Self::Silent => {
                settings.serial.clear();
                settings.device.clear();
            }
            Self::Updated => "1.1".clone_into(&mut settings.software),
            Self::Renumbered => {
                // Every number has another one beside it.
                let other = own.terminal.get() ^ 1;
                settings.terminal = TerminalId::new(other).unwrap_or(own.terminal);
            }
        }
        settings
    }

    /// The name of this device in the place of a terminal of Adyen's kind: its name is all that such a one
    /// tells, so any other device has another.
    pub(super) fn poi_id(self, own: &str) -> String {
        match self {
            Self::Own => own.to_owned(),
            _ => "S1F2-999999999999".to_owned(),
        }
    }
}

/// An outcome (04 0F) with a whole card number and both tracks in every field that can take one; any other
/// packet as it is.
pub(super) fn leaking(bytes: &[u8]) -> Vec<u8> {
    let Ok(packet) = Packet::decode(bytes) else { return bytes.to_vec() };
    let kind = packet.control();
    if kind != (0x04, 0x0f) {
        return bytes.to_vec();
    }
    // What is said first holds, so the outcome itself stands in front.
    let mut data = packet.data().to_vec();
    data.extend(counted(0x22, 2, &bcd(TEST_PAN)));
    data.extend(counted(0x23, 2, &bcd(TEST_TRACK_2)));
    data.extend(counted(0x2d, 2, format!("B{TEST_PAN}^MUSTER/ANNA^2512101").as_bytes()));
    data.extend(counted(0x24, 3, &bcd(TEST_PAN)));
    data.extend(counted(0x3c, 3, format!("Karte {TEST_PAN}").as_bytes()));
    Packet::new(kind.0, kind.1, data).map_or_else(|_| bytes.to_vec(), |p| p.encode())
}

/// A field with its length in so many digits.
fn counted(tag: u8, digits: usize, content: &[u8]) -> Vec<u8> {
    let length = format!("{:0digits$}", content.len());
    let length = length.bytes().map(|digit| 0xf0 | (digit & 0x0f));
    [tag].into_iter().chain(length).chain(content.iter().copied()).collect()
}

/// Two digits a byte; `=` is D, as on the stripe.
fn bcd(digits: &str) -> Vec<u8> {
    let half = |byte: u8| if byte == b'=' { 0x0d } else { byte & 0x0f };
    let pair = |pair: &[u8]| match pair {
        [high, low] => (half(*high) << 4) | half(*low),
        [high] => (half(*high) << 4) | 0x0f,
        _ => 0,
    };
    digits.as_bytes().chunks(2).map(pair).collect()
}
