//! What one model of printer can do. Numbers from escpos-printer-db (CC BY 4.0); each line of the table is a fact.

use crate::Codepage;

/// How the paper is parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// No cutter: the paper is fed to the tear bar.
    None,
    /// Leaves a bridge in the middle, so that the receipt does not fall.
    Partial,
    /// Cuts through.
    Full,
}

/// One model of printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name by which settings choose it, e.g. `TM-T88V`.
    pub name: String,
    /// Characters per line in font A.
    pub columns: u8,
    /// Printable dots per line.
    pub dots: u16,
    /// The one codepage that a job uses.
    pub codepage: Codepage,
    /// Knows the QR commands (`GS ( k`).
    pub qr: bool,
    /// Knows raster images (`GS v 0`).
    pub raster: bool,
    /// The cutter.
    pub cut: Cut,
}

/// name, columns, dots, CP858, CP1252, QR, raster, cut
type Row = (&'static str, u8, u16, Option<u8>, Option<u8>, bool, bool, Cut);

#[rustfmt::skip]
const KNOWN: &[Row] = &[
    ("CT-S651",     48, 640, Some(19), Some(16), true,  true,  Cut::Partial),
    ("KR-306",      48, 576, Some(31), Some(49), true,  true,  Cut::Partial),
    ("NT-5890K",    32, 384, Some(53), Some(71), false, true,  Cut::None),
    ("P822D",       42, 576, Some(53), Some(71), true,  true,  Cut::Partial),
    ("POS-5890",    32, 384, Some(53), Some(71), false, true,  Cut::None),
    ("SRP-S300",    48, 640, Some(19), Some(16), true,  true,  Cut::Partial),
    ("Sunmi-V2",    32, 384, Some(19), Some(16), true,  true,  Cut::None),
    ("TM-L90",      48, 576, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-P80",      42, 576, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T20II",    48, 576, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T20III",   48, 576, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T70II",    42, 512, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T88III",   42, 512, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T88IV",    42, 512, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-T88V",     42, 512, Some(19), Some(16), true,  true,  Cut::Partial),
    ("TM-U220B",    42, 400, None,     None,     false, false, Cut::Partial),
    ("TM-m30III",   48, 576, None,     Some(16), true,  true,  Cut::Partial),
    ("YHD-8390",    48, 640, Some(14), Some(11), true,  true,  Cut::Partial),
    ("ZJ-5870",     32, 384, None,     Some(16), false, true,  Cut::None),
];

impl Profile {
    /// An 80 mm thermal printer with 576 dots, 48 columns, QR and cutter, Epson's codepage numbers.
    #[must_use]
    pub fn generic_80mm() -> Self {
        Self::of(&("generic-80mm", 48, 576, Some(19), Some(16), true, true, Cut::Partial))
    }

    /// A 58 mm thermal printer with 384 dots, 32 columns, QR, no cutter, Epson's codepage numbers.
    #[must_use]
    pub fn generic_58mm() -> Self {
        Self::of(&("generic-58mm", 32, 384, Some(19), Some(16), true, true, Cut::None))
    }

    /// The profile with this name (`generic-80mm`, `generic-58mm` or a model of [`Profile::names`]).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "generic-80mm" => Some(Self::generic_80mm()),
            "generic-58mm" => Some(Self::generic_58mm()),
            _ => KNOWN.iter().find(|row| row.0 == name).map(Self::of),
        }
    }

    /// All names that [`Profile::named`] knows, the generic ones first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["generic-80mm", "generic-58mm"].into_iter().chain(KNOWN.iter().map(|row| row.0))
    }

    /// The ladder of codepages: CP858, then Windows-1252, then CP437 with transliteration.
    fn of(row: &Row) -> Self {
        let (name, columns, dots, cp858, cp1252, qr, raster, cut) = *row;
        let codepage = match (cp858, cp1252) {
            (Some(n), _) => Codepage::Cp858 { n },
            (None, Some(n)) => Codepage::Cp1252 { n },
            (None, None) => Codepage::Cp437 { n: 0 },
        };
        Self { name: name.to_owned(), columns, dots, codepage, qr, raster, cut }
    }
}
