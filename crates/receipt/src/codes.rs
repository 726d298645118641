//! Codes as modules: Code 128, EAN-13 and EAN-8 by own tables (ISO/IEC 15417, 15420), QR by the crate `qrcode`.

use qrcode::{Color, EcLevel, QrCode};

/// Widths of bar, space, bar, … of the 107 symbols of Code 128; the last is the stop symbol.
#[rustfmt::skip]
const CODE128: [&str; 107] = [
    "212222","222122","222221","121223","121322","131222","122213","122312","132212","221213","221312","231212",
    "112232","122132","122231","113222","123122","123221","223211","221132","221231","213212","223112","312131",
    "311222","321122","321221","312212","322112","322211","212123","212321","232121","111323","131123","131321",
    "112313","132113","132311","211313","231113","231311","112133","112331","132131","113123","113321","133121",
    "313121","211331","231131","213113","213311","213131","311123","311321","331121","312113","312311","332111",
    "314111","221411","431111","111224","111422","121124","121421","141122","141221","112214","112412","122114",
    "122411","142112","142211","241211","221114","413111","241112","134111","111242","121142","121241","114212",
    "124112","124211","411212","421112","421211","212141","214121","412121","111143","111341","131141","114113",
    "114311","411113","411311","113141","114131","311141","411131","211412","211214","211232","2331112",
];
const TO_C: usize = 99;
const TO_B: usize = 100;
const START_B: usize = 104;
const START_C: usize = 105;
const STOP: usize = 106;
/// Longer than any slip needs, and wider than any paper.
const CODE128_MAX: usize = 80;

/// The widths in modules, beginning with a bar, without quiet zones; `None` for an empty text, for other than
/// printable ASCII, and for more than 80 characters.
#[must_use]
pub fn code128_widths(text: &str) -> Option<Vec<u8>> {
    let symbols = code128_symbols(text)?;
    let weighted = symbols.iter().enumerate().map(|(at, symbol)| at.max(1) * symbol);
    let check = weighted.sum::<usize>() % 103;
    let all = symbols.into_iter().chain([check, STOP]);
    let mut widths = Vec::new();
    for symbol in all {
        widths.extend(CODE128.get(symbol)?.bytes().map(|digit| digit - b'0'));
    }
    Some(widths)
}

/// Start symbol and data by their values, without check and stop symbol: set C (two digits a symbol, 105 begins it and 99 leads to
/// it) where a run of digits is worth the switch, else set B (104, 100). `None` as with [`code128_widths`].
#[must_use]
pub fn code128_symbols(text: &str) -> Option<Vec<usize>> {
    if text.is_empty()
        || text.len() > CODE128_MAX
        || !text.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
    {
        return None;
    }
    let mut rest = text.as_bytes();
    let mut symbols = Vec::new();
    let mut pairs = false;
    while let [first, tail @ ..] = rest {
        let run = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let start = symbols.is_empty();
        let worth = run >= 6
            || (run >= 4 && (start || run == rest.len()))
            || (start && run == 2 && run == rest.len());
        match (pairs, rest) {
            (true, [a @ b'0'..=b'9', b @ b'0'..=b'9', tail @ ..]) => {
                symbols.push(usize::from(a - b'0') * 10 + usize::from(b - b'0'));
                rest = tail;
            }
            (true, _) => {
                symbols.push(TO_B);
                pairs = false;
            }
            (false, _) if worth && (start || run.is_multiple_of(2)) => {
                symbols.push(if start { START_C } else { TO_C });
                pairs = true;
            }
            (false, _) => {
                if start {
                    symbols.push(START_B);
                }
                symbols.push(usize::from(first.checked_sub(0x20)?));
                rest = tail;
            }
        }
    }
    Some(symbols)
}

/// Left digits with odd parity; even parity is the right digit read backwards, the right digit is the complement.
const EAN_ODD: [u8; 10] = [0x0D, 0x19, 0x13, 0x3D, 0x23, 0x31, 0x2F, 0x3B, 0x37, 0x0B];
/// Which of the six left digits have even parity, by the first digit (most significant bit first).
const EAN_PARITY: [u8; 10] = [0x00, 0x0B, 0x0D, 0x0E, 0x13, 0x19, 0x1C, 0x15, 0x16, 0x1A];

/// The 95 modules of an EAN-13 (true = bar); `None` unless there are 13 digits. The check digit is taken as it is.
#[must_use]
pub fn ean13_modules(digits: &str) -> Option<Vec<bool>> {
    if digits.len() != 13 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut values = digits.bytes().map(|byte| usize::from(byte - b'0'));
    let parity = *EAN_PARITY.get(values.next()?)?;
    let mut modules = vec![true, false, true];
    for (at, digit) in values.enumerate() {
        if at == 6 {
            modules.extend([false, true, false, true, false]);
        }
        let odd = *EAN_ODD.get(digit)?;
        let right = !odd & 0x7F;
        let even = right.reverse_bits() >> 1;
        let pattern = match at {
            0..=5 if parity & (0x20 >> at) != 0 => even,
            0..=5 => odd,
            _ => right,
        };
        modules.extend((0..7).map(|bit| pattern & (0x40 >> bit) != 0));
    }
    modules.extend([true, false, true]);
    Some(modules)
}

/// The 67 modules of an EAN-8 (true = bar); `None` unless there are 8 digits. The check digit is taken as it is.
#[must_use]
pub fn ean8_modules(digits: &str) -> Option<Vec<bool>> {
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut modules = vec![true, false, true];
    for (at, digit) in digits.bytes().map(|byte| usize::from(byte - b'0')).enumerate() {
        if at == 4 {
            modules.extend([false, true, false, true, false]);
        }
        let odd = *EAN_ODD.get(digit)?;
        let pattern = if at < 4 { odd } else { !odd & 0x7F };
        modules.extend((0..7).map(|bit| pattern & (0x40 >> bit) != 0));
    }
    modules.extend([true, false, true]);
    Some(modules)
}

/// A QR symbol without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrMatrix {
    /// Modules per side.
    pub size: usize,
    /// Row by row; true = dark.
    pub dark: Vec<bool>,
}

/// The QR symbol of a text, error correction M; `None` when it is too long.
#[must_use]
pub fn qr_matrix(data: &str) -> Option<QrMatrix> {
    let code = QrCode::with_error_correction_level(data, EcLevel::M).ok()?;
    Some(QrMatrix {
        size: code.width(),
        dark: code.to_colors().into_iter().map(|c| c == Color::Dark).collect(),
    })
}
