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

/// What a printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Epson's, which nearly all others understand as well.
    EscPos,
    /// Star's own (StarPRNT, Star Line).
    Star,
    /// Epson's ePOS-Print, XML over HTTP.
    Epos,
}

/// One model of printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name by which settings choose it, e.g. `TM-T88V`.
    pub name: String,
    /// What it understands.
    pub language: Language,
    /// Characters per line in font A.
    pub columns: u8,
    /// Printable dots per line.
    pub dots: u16,
    /// The one codepage that a job uses.
    pub codepage: Codepage,
    /// Knows commands for QR codes.
    pub qr: bool,
    /// Knows commands for bar codes (`GS k` with a length). Where the source is in doubt, not: bars that are drawn read as well.
    pub bars: bool,
    /// Knows commands for pictures.
    pub raster: bool,
    /// The cutter.
    pub cut: Cut,
    /// The drawer hangs on the second pin (5 instead of 2).
    pub second_drawer: bool,
}

use Language as L;

/// name, maker, language, columns, dots, CP858, CP1252, QR, bars, raster, cut
type Row = (&'static str, &'static str, L, u8, u16, Option<u8>, Option<u8>, bool, bool, bool, Cut);

/// By maker and name. Where the source knows no dots, they are those of other printers with as many columns.
#[rustfmt::skip]
const KNOWN: &[Row] = &[
    ("SRP-S300",         "Bixolon",  L::EscPos, 48, 640, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("CT-S651",          "Citizen",  L::EscPos, 48, 640, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TEP-200M",         "EPOS",     L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-L90",           "Epson",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-m30III",        "Epson",    L::EscPos, 48, 576, None,     Some(16), true,  true,  true,  Cut::Partial),
    ("TM-P80",           "Epson",    L::EscPos, 42, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-P80-42col",     "Epson",    L::EscPos, 42, 546, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T20II",         "Epson",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T20II-42col",   "Epson",    L::EscPos, 42, 546, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T20III",        "Epson",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T70",           "Epson",    L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T70-SA",        "Epson",    L::EscPos, 48, 576, None,     None,     true,  true,  true,  Cut::Partial),
    ("TM-T70II",         "Epson",    L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T70II-CH",      "Epson",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T70II-CH-58mm", "Epson",    L::EscPos, 34, 416, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T70II-SA",      "Epson",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T88II",         "Epson",    L::EscPos, 42, 512, None,     Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T88III",        "Epson",    L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T88IV",         "Epson",    L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-T88IV-SA",      "Epson",    L::EscPos, 42, 512, None,     None,     true,  true,  true,  Cut::Partial),
    ("TM-T88V",          "Epson",    L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("TM-U220",          "Epson",    L::EscPos, 42, 400, None,     None,     false, false, false, Cut::None),
    ("TM-U220B",         "Epson",    L::EscPos, 42, 400, None,     None,     false, false, false, Cut::Partial),
    ("KR-306",           "Kefar",    L::EscPos, 48, 576, Some(31), Some(49), true,  true,  true,  Cut::Partial),
    ("T-1",              "Metapace", L::EscPos, 42, 504, Some(19), None,     true,  true,  true,  Cut::Partial),
    ("ITPP047",          "Munbyn",   L::EscPos, 42, 512, Some(19), Some(6),  true,  true,  true,  Cut::Partial),
    ("NT-5890K",         "Netum",    L::EscPos, 32, 384, Some(53), Some(71), false, false, true,  Cut::None),
    ("NT-80-V-UL",       "Netum",    L::EscPos, 48, 576, Some(53), Some(71), true,  true,  true,  Cut::Partial),
    ("P822D",            "PBM",      L::EscPos, 42, 576, Some(53), Some(71), true,  true,  true,  Cut::Partial),
    ("RP326",            "Rongta",   L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("RP332",            "Rongta",   L::EscPos, 42, 512, Some(19), Some(16), true,  true,  true,  Cut::Full),
    ("RP-F10-58mm",      "Seiko",    L::EscPos, 36, 432, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("RP-F10-80mm",      "Seiko",    L::EscPos, 48, 576, Some(19), Some(16), true,  true,  true,  Cut::Partial),
    ("mC-Print",         "Star",     L::Star,   42, 512, Some(4),  Some(32), true,  true,  true,  Cut::Partial),
    ("SP2000",           "Star",     L::Star,   42, 512, Some(4),  Some(32), true,  true,  true,  Cut::Partial),
    ("TSP600",           "Star",     L::Star,   42, 576, Some(4),  Some(32), true,  true,  true,  Cut::Partial),
    ("TSP800",           "Star",     L::Star,   42, 833, Some(4),  Some(32), true,  true,  true,  Cut::Partial),
    ("TUP500",           "Star",     L::Star,   42, 512, Some(4),  Some(32), true,  true,  true,  Cut::Partial),
    ("Sunmi-V2",         "Sunmi",    L::EscPos, 32, 384, Some(19), Some(16), true,  true,  true,  Cut::None),
    ("TH230",            "Wincor",   L::EscPos, 44, 576, Some(6),  Some(8),  false, true,  false, Cut::Partial),
    ("TH230Plus",        "Wincor",   L::EscPos, 44, 576, Some(6),  Some(8),  true,  true,  false, Cut::Partial),
    ("YHD-8390",         "YHDAA",    L::EscPos, 48, 640, Some(14), Some(11), true,  true,  true,  Cut::Partial),
    ("ZJ-5870",          "ZiJiang",  L::EscPos, 32, 384, None,     Some(16), false, false, true,  Cut::None),
    ("POS-5890",         "Zjiang",   L::EscPos, 32, 384, Some(53), Some(71), false, false, true,  Cut::None),
];

/// For printers of which nothing more is known.
#[rustfmt::skip]
const GENERIC: &[Row] = &[
    ("generic-80mm", "", L::EscPos, 48, 576, Some(19), Some(16), true, true,  true, Cut::Partial),
    ("generic-58mm", "", L::EscPos, 32, 384, Some(19), Some(16), true, true,  true, Cut::None),
    ("star-80mm",    "", L::Star,   48, 576, Some(4),  Some(32), true, true,  true, Cut::Partial),
    ("epos-80mm",    "", L::Epos,   48, 576, None,     None,     true, true,  true, Cut::Partial),
    (DRAWER,         "", L::EscPos, 32, 384, Some(19), None,     false, false, false, Cut::None),
];

/// A drawer without a printer: a box at USB, a serial port or in the network that opens it when it is sent a pulse.
const DRAWER: &str = "drawer-only";

impl Profile {
    /// An 80 mm thermal printer with 576 dots, 48 columns, QR and cutter, Epson's codepage numbers.
    #[must_use]
    pub fn generic_80mm() -> Self {
        Self::of(&(
            "generic-80mm",
            "",
            L::EscPos,
            48,
            576,
            Some(19),
            Some(16),
            true,
            true,
            true,
            Cut::Partial,
        ))
    }

    /// A 58 mm thermal printer with 384 dots, 32 columns, QR, no cutter, Epson's codepage numbers.
    #[must_use]
    pub fn generic_58mm() -> Self {
        Self::of(&(
            "generic-58mm",
            "",
            L::EscPos,
            32,
            384,
            Some(19),
            Some(16),
            true,
            true,
            true,
            Cut::None,
        ))
    }

    /// The profile with this name (one of [`Profile::names`]).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        GENERIC.iter().chain(KNOWN).find(|row| row.0 == name).map(Self::of)
    }

    /// All names that [`Profile::named`] knows with their makers, the generic ones (of no maker) first.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        GENERIC.iter().chain(KNOWN).map(|row| (row.0, row.1))
    }

    /// Whether anything is printed there: a drawer without a printer gets pulses and nothing else, and answers nothing.
    #[must_use]
    pub fn prints(&self) -> bool {
        self.name != DRAWER
    }

    /// The same paper for a printer that is set to another language; a codepage number of one language means nothing in the other.
    #[must_use]
    pub fn speaking(mut self, language: Language) -> Self {
        if self.language != language {
            self.codepage = match language {
                L::EscPos => Codepage::Cp858 { n: 19 },
                L::Star => Codepage::Cp858 { n: 4 },
                L::Epos => Codepage::Unicode,
            };
            self.language = language;
        }
        self
    }

    /// The same printer with so many characters per line, where it is set to another font or another roll.
    #[must_use]
    pub fn with_columns(mut self, columns: u8) -> Self {
        self.columns = columns;
        self
    }

    /// The same printer with its drawer on the first pin or on the second.
    #[must_use]
    pub fn with_second_drawer(mut self, second: bool) -> Self {
        self.second_drawer = second;
        self
    }

    /// The ladder of codepages: CP858, then Windows-1252, then CP437 with transliteration.
    fn of(row: &Row) -> Self {
        let (name, _, language, columns, dots, cp858, cp1252, qr, bars, raster, cut) = *row;
        let codepage = match (language, cp858, cp1252) {
            (L::Epos, _, _) => Codepage::Unicode,
            (_, Some(n), _) => Codepage::Cp858 { n },
            (_, None, Some(n)) => Codepage::Cp1252 { n },
            (L::Star, None, None) => Codepage::Cp437 { n: 1 },
            (L::EscPos, None, None) => Codepage::Cp437 { n: 0 },
        };
        let name = name.to_owned();
        let second_drawer = false;
        Self { name, language, columns, dots, codepage, qr, bars, raster, cut, second_drawer }
    }
}
