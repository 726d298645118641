//! What one piece holds, as people write it: `500 g`, `0,75 l`, or a number whose unit stands in a column of its own.

use domain::catalogue::fold;
use domain::content::{Content, ContentUnit, MAX_CONTENT};

use super::amount::{DecimalSign, parse_decimal, write_decimal};

/// Reads a content. `Some(None)`: pieces, which have none. `None`: nothing that could be one.
pub(crate) fn read_content(text: &str, unit: &str, sign: DecimalSign) -> Option<Option<Content>> {
    // A raised 2 becomes a plain one.
    let folded = fold(text);
    let at = folded.find(|c: char| c.is_alphabetic()).unwrap_or(folded.len());
    let (number, own) = folded.split_at_checked(at)?;
    let own = own.trim().trim_end_matches('.').replace(' ', "");
    let named = match own.is_empty() {
        true => fold(unit).trim().trim_end_matches('.').replace(' ', ""),
        false => own,
    };
    let (factor, unit) = match named.as_str() {
        "g" | "gr" | "gramm" | "gram" | "grams" | "grm" => (1, ContentUnit::Gram),
        "kg" | "kilo" | "kilogramm" | "kilogram" | "kgm" => (1_000, ContentUnit::Gram),
        "ml" | "milliliter" | "millilitre" | "mlt" => (1, ContentUnit::Millilitre),
        "cl" | "centiliter" | "zentiliter" | "centilitre" | "clt" => (10, ContentUnit::Millilitre),
        "dl" => (100, ContentUnit::Millilitre),
        "l" | "ltr" | "liter" | "litre" => (1_000, ContentUnit::Millilitre),
        "mm" | "millimeter" | "millimetre" | "mmt" => (1, ContentUnit::Millimetre),
        "cm" | "zentimeter" | "centimeter" | "centimetre" | "cmt" => (10, ContentUnit::Millimetre),
        "m" | "mtr" | "meter" | "metre" => (1_000, ContentUnit::Millimetre),
        "cm2" | "qcm" | "cmk" => (1, ContentUnit::SquareCentimetre),
        "m2" | "qm" | "mtk" | "quadratmeter" => (10_000, ContentUnit::SquareCentimetre),
        "stuck" | "stueck" | "stk" | "st" | "piece" | "pieces" | "pc" | "pcs" => return Some(None),
        _ => return None,
    };
    let number = number.trim();
    // A name of goods may have either sign, whatever the file's prices have.
    let other = match sign {
        DecimalSign::Comma => DecimalSign::Point,
        DecimalSign::Point => DecimalSign::Comma,
    };
    let thousandths = parse_decimal(number, sign, 3).or_else(|| parse_decimal(number, other, 3))?;
    let small = thousandths.checked_mul(factor)?;
    if small.checked_rem(1_000) != Some(0) {
        return None;
    }
    let net = u32::try_from(small.checked_div(1_000)?).ok()?;
    (1..=MAX_CONTENT).contains(&net).then_some(Some(Content { net, unit }))
}

/// A content as the export writes it and the import reads it, in its own unit.
pub(super) fn write_content(content: Content) -> String {
    let unit = match content.unit {
        ContentUnit::Gram => "g",
        ContentUnit::Millilitre => "ml",
        ContentUnit::Millimetre => "mm",
        ContentUnit::SquareCentimetre => "cm²",
    };
    format!("{} {unit}", write_decimal(i64::from(content.net), DecimalSign::Comma, 0))
}
