//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests.

use crate::size::{LABEL_SIZES, Size};
use crate::zpl::{Dpi, read, status, write};
use crate::{Bars, Label, lay_out};

/// Bytes as the answer of a printer and as a stream of commands.
///
/// # Panics
/// When a state that was read is not said as it was.
pub fn answers(bytes: &[u8]) {
    if let status::Answer::Status(found) = status::read(bytes) {
        // Figures beyond what a printer can say are held at its most.
        let most = |s: status::Status| status::Status {
            formats: s.formats.min(999),
            left: s.left.min(99_999_999),
            ..s
        };
        assert_eq!(status::read(&found.said()), status::Answer::Status(most(found)));
    }
    let whole = read::Reader::default().push(bytes);
    let mut pieces = read::Reader::default();
    let told: Vec<read::Told> = bytes.iter().flat_map(|byte| pieces.push(&[*byte])).collect();
    let prints =
        |told: &[read::Told]| told.iter().filter(|t| matches!(t, read::Told::Print(_))).count();
    assert_eq!(prints(&whole), prints(&told), "pieces make no difference");
}

/// A text in every place of a label: the printer prints one label with the texts of the layout, and is told nothing else.
///
/// # Panics
/// When the printer understands anything else.
pub fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let label = Label {
        name: text.clone(),
        price: "1,99 €".to_owned(),
        per: "/ kg".to_owned(),
        unit_price: "1 kg = 3,98 €".to_owned(),
        facts: vec![text.chars().take(20).collect()],
        small: vec![text.chars().take(20).collect()],
        code: text.chars().take(20).collect(),
    };
    let measure = |text: &str, _: bool| {
        u32::try_from(text.chars().count()).unwrap_or(u32::MAX).saturating_mul(560)
    };
    for (dpi, (_, size)) in [Dpi::D203, Dpi::D300].iter().zip(LABEL_SIZES) {
        one(&label, *dpi, *size, &measure);
    }
}

fn one(label: &Label, dpi: Dpi, size: Size, measure: &dyn Fn(&str, bool) -> u32) {
    let laid = lay_out(label, size, dpi.modules(), measure);
    let zpl = write(&laid, dpi, 2);
    assert!(zpl.is_ascii(), "{zpl}");
    let told = read::Reader::default().push(zpl.as_bytes());
    let [read::Told::Print(printed)] = told.as_slice() else {
        // Nothing, or anything else, is what must never be.
        assert_eq!(told, [], "{zpl}");
        assert_ne!(told, [], "{zpl}");
        return;
    };
    let wanted: Vec<&str> = laid
        .marks
        .iter()
        .filter_map(|mark| match mark {
            crate::Mark::Text { text, .. } => Some(text.as_str()),
            crate::Mark::Bars { .. } => None,
        })
        .collect();
    assert_eq!(printed.texts(), wanted);
    for field in &printed.fields {
        if let read::Field::Bars { bars, .. } = field {
            assert_eq!(Some(bars), Bars::of(&label.code).as_ref(), "other bars");
        }
    }
}
