//! What fuzzing runs: any text in every place of a paper, in every language of printers; any bytes as a printer's answer.

use escpos::{
    DecodedOp, EposAnswer, Language, PaperAnswer, Profile, StarDecoder, StarStatus, Status, decode,
    epos,
};
use receipt::{Align, Block, Document};

use crate::job_bytes;

/// A text that people, imports or scanners put into every place of a paper: what the printer understands is that text and what the paper itself
/// says, and no command beside.
///
/// # Panics
/// When the printer understands anything else.
pub fn paper(bytes: &[u8]) {
    let text = receipt::clean(&String::from_utf8_lossy(bytes));
    let document = Document {
        language: "de".to_owned(),
        title: text.clone(),
        blocks: vec![
            Block::Text { text: text.clone(), align: Align::Center, bold: true, big: true },
            Block::Columns {
                left: text.clone(),
                right: "1,00".to_owned(),
                mark: Some("A".to_owned()),
                indent: 0,
                bold: false,
                big: false,
            },
            Block::Banner { text: text.clone() },
            Block::Code128 { data: text.clone() },
            Block::Qr { data: text },
        ],
    };
    for language in [Language::EscPos, Language::Star, Language::Epos] {
        let profile = Profile::generic_80mm().speaking(language);
        let job = job_bytes(&document, &profile);
        let ops = match language {
            Language::EscPos => decode(&job, &profile),
            Language::Epos => epos::decode(&job).unwrap_or_default(),
            Language::Star => {
                let mut decoder = StarDecoder::new(&profile);
                let mut ops = decoder.push(&job);
                ops.extend(decoder.finish());
                ops
            }
        };
        assert!(
            !ops.is_empty() || language == Language::Epos,
            "{language:?}: nothing is understood"
        );
        for op in ops {
            assert!(harmless(&op), "{language:?}: {op:?}");
        }
    }
}

/// What this paper is made of: it is not cut and opens no drawer.
fn harmless(op: &DecodedOp) -> bool {
    matches!(
        op,
        DecodedOp::Init
            | DecodedOp::CancelKanji
            | DecodedOp::Codepage(_)
            | DecodedOp::Text(_)
            | DecodedOp::LineEnd
            | DecodedOp::Bold(_)
            | DecodedOp::Size { .. }
            | DecodedOp::Align(_)
            | DecodedOp::Barcode { .. }
            | DecodedOp::Qr { .. }
            | DecodedOp::Raster(_)
    )
}

/// Anything as what a printer answers.
pub fn answers(bytes: &[u8]) {
    let mut received = bytes.to_vec();
    while StarStatus::take(&mut received).is_some() {}
    let _answer = EposAnswer::parse(bytes);
    let _job = epos::decode(bytes);
    for byte in bytes {
        let _status = Status::is_answer(*byte);
        let _paper = PaperAnswer::parse(*byte);
    }
    let mut decoder = StarDecoder::new(&Profile::generic_80mm().speaking(Language::Star));
    decoder.push(bytes);
    decoder.finish();
}
