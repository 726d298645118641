//! What fuzzing runs: any text in every place of a paper, in every language of printers; any bytes as a printer's answer.

use escpos::{
    Codepage, DecodedOp, EposAnswer, Language, PaperAnswer, Profile, Raster, StarDecoder,
    StarStatus, Status, decode, epos,
};
use receipt::{Align, Block, Document, columns_of};

use crate::{job_bytes, picture};

/// What notes are made of beside letters: commands of every language, marks that turn the direction of reading, what escapes something
/// somewhere, and characters of each length.
const PIECES: [&str; 32] = [
    "\u{1b}p\0\u{19}\u{fa}",
    "\u{1b}@",
    "\u{1b}t\u{2}",
    "\u{1b}\u{1d}t\u{1}",
    "\u{1b}d\u{2}",
    "\u{1d}V\u{42}\0",
    "\u{1d}!\u{11}",
    "\u{1d}(k\u{3}\0\u{31}\u{51}\u{30}",
    "\u{1d}v0\0\u{1}\0\u{1}\0x",
    "\u{1c}.",
    "\u{1c}",
    "\u{10}\u{14}\u{1}\0\u{8}",
    "\u{10}\u{4}\u{1}",
    "\u{10}\u{5}\u{2}",
    "\u{7}",
    "\u{1a}",
    "\u{1e}",
    "\n",
    "\0",
    "\u{7f}\u{85}\u{9b}",
    "\u{202e}\u{2066}",
    "\u{200f}\u{ad}\u{feff}",
    "😀",
    "𠀀字",
    "{A{C",
    "%0%7\\",
    "</text><pulse/>&amp;]]>",
    "Ж Ω ł",
    "ä€é",
    " ",
    "Milch 3,5 %",
    "1234567890",
];

/// A note of those pieces, as the bytes choose.
fn note(bytes: &[u8]) -> String {
    let piece = |byte: &u8| PIECES.get(usize::from(*byte) % PIECES.len()).copied();
    bytes.iter().take(30).filter_map(piece).collect()
}

/// A name of the bytes themselves: as UTF-8, else each byte a character, so that control characters stay what they are.
fn name(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map_or_else(
        |_| bytes.iter().copied().map(char::from).collect::<String>(),
        ToOwned::to_owned,
    );
    text.chars().take(100).collect()
}

/// Texts as they may stand anywhere, and contents of codes.
struct Texts {
    name: String,
    note: String,
    bars: String,
    ean: String,
    code: String,
}

/// With a text in every place that takes one, put there raw: whoever prints does not rely on what was cleaned before.
fn document(texts: &Texts) -> Document {
    let (name, note) = (texts.name.clone(), texts.note.clone());
    let columns = |left: &String, right: &String, mark: &String, big| Block::Columns {
        left: left.clone(),
        right: right.clone(),
        mark: Some(mark.clone()),
        indent: 2,
        bold: big,
        big,
    };
    Document {
        language: "de".to_owned(),
        title: name.clone(),
        blocks: vec![
            Block::Text { text: name.clone(), align: Align::Center, bold: true, big: true },
            columns(&name, &"1,00".to_owned(), &"A".to_owned(), false),
            columns(&note, &name, &note, true),
            Block::Text { text: note.clone(), align: Align::Left, bold: false, big: false },
            Block::Table {
                head: vec![name.clone(), note.clone()],
                rows: vec![vec![note.clone(), name.clone()]],
            },
            Block::Banner { text: note },
            Block::Code128 { data: texts.bars.clone() },
            Block::Ean13 { data: texts.ean.clone() },
            Block::Qr { data: texts.code.clone() },
        ],
    }
}

/// Letters that take the same room on this paper: the same spaces, the same widths, drawn where it is drawn. No control character and nothing
/// that any language gives a meaning.
fn letters(text: &str, profile: &Profile) -> String {
    let drawn = |c: char| profile.raster && picture::can_draw(c);
    let harmless = |c: char| match c {
        ' ' => ' ',
        c if c.is_ascii() || c.is_control() => 'x',
        c if profile.codepage.shows(c) && columns_of(c.encode_utf8(&mut [0; 4])) == 1 => 'é',
        c => c,
    };
    profile.codepage.printable_keeping(text, drawn).chars().map(harmless).collect()
}

/// The same for the content of bars: what can be no bar code stays such.
fn bars(text: &str) -> String {
    let harmless = |c: char| match c {
        // Where bars are drawn, two digits take the room of one letter.
        '0'..='9' => '0',
        ' '..='~' => 'x',
        c if c.is_control() => 'é',
        c => c,
    };
    text.chars().map(harmless).collect()
}

/// The same for an EAN: thirteen digits stay, which are harmless.
fn ean(text: &str) -> String {
    let digits = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.to_owned() } else { bars(text) }
}

/// The same for a code, which must stay as large as it is: only its control characters go.
fn code(text: &str) -> String {
    let harmless = |c: char| match c {
        c if c.is_control() => {
            if c.is_ascii() {
                '?'
            } else {
                'é'
            }
        }
        c => c,
    };
    text.chars().map(harmless).collect()
}

/// The printers whose ways of writing differ: languages, codepages, with and without codes and pictures.
fn profiles() -> Vec<Profile> {
    let wide = Profile::generic_80mm();
    let named =
        ["NT-5890K", "TM-U220B", "TM-T20III", "TSP600"].into_iter().filter_map(Profile::named);
    let others = [
        Profile { codepage: Codepage::Cp1252 { n: 16 }, ..Profile::generic_58mm() },
        wide.clone().speaking(Language::Star),
        wide.clone().speaking(Language::Epos),
        wide,
    ];
    named.chain(others).collect()
}

/// What the printer understands.
fn understood(job: &[u8], profile: &Profile) -> Vec<DecodedOp> {
    match profile.language {
        Language::EscPos => decode(job, profile),
        Language::Epos => epos::decode(job).unwrap_or_else(|| panic!("no job: {job:?}")),
        Language::Star => {
            let mut decoder = StarDecoder::new(profile);
            let mut ops = decoder.push(job);
            ops.extend(decoder.finish());
            ops
        }
    }
}

/// The command without what it says, but with how much of it.
fn command(op: DecodedOp) -> DecodedOp {
    // A control character stays seen, inside a code too, where it would not begin a command by itself.
    let as_many = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() { c } else { 'x' }).collect()
    };
    match op {
        DecodedOp::Text(text) => DecodedOp::Text(as_many(&text)),
        DecodedOp::Barcode { kind, data, module, with_text } => {
            DecodedOp::Barcode { kind, data: as_many(&data), module, with_text }
        }
        // Long ones may end in a space that keeps their length from spelling a command.
        DecodedOp::Qr { data, module } => {
            DecodedOp::Qr { data: as_many(data.trim_end_matches(' ')), module }
        }
        DecodedOp::Raster(Raster { row_bytes, data }) => {
            DecodedOp::Raster(Raster { row_bytes, data: vec![0; data.len()] })
        }
        op => op,
    }
}

/// A text that people, imports or scanners put into every place of a paper: the printer understands exactly the commands that the same
/// paper has with harmless letters in its place, one by one, and nothing beside, before or instead of them.
///
/// # Panics
/// When the printer understands anything else.
pub fn paper(bytes: &[u8]) {
    let (name, note) = (name(bytes), note(bytes));
    let short: String = note.chars().take(20).collect();
    let raw = Texts { bars: short, ean: name.clone(), code: note.clone(), name, note };
    // One printer each, as the bytes choose: many inputs reach them all, and more of them are tried in the same time.
    let sum: usize = bytes.iter().map(|byte| usize::from(*byte)).sum();
    let mut profiles = profiles();
    let profile = profiles.swap_remove(sum % profiles.len());
    let good = Texts {
        name: letters(&raw.name, &profile),
        note: letters(&raw.note, &profile),
        bars: bars(&raw.bars),
        ean: ean(&raw.ean),
        code: code(&raw.code),
    };
    let job = job_bytes(&document(&raw), &profile);
    let commands = |job: &[u8]| -> Vec<DecodedOp> {
        understood(job, &profile).into_iter().map(command).collect()
    };
    let (found, wanted) = (commands(&job), commands(&job_bytes(&document(&good), &profile)));
    let differ = found.iter().zip(&wanted).position(|(found, wanted)| found != wanted);
    let at = differ.unwrap_or_else(|| found.len().min(wanted.len()));
    assert!(
        found == wanted,
        "{}, {:?}: command {at} is {:?} and not {:?}, for {:?} and {:?}",
        profile.name,
        profile.language,
        found.get(at),
        wanted.get(at),
        raw.name,
        raw.note,
    );
    // These act at once wherever they stand, in a picture or a code too.
    let at_once = |pair: &[u8]| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]);
    assert!(
        profile.language != Language::EscPos || !job.windows(2).any(at_once),
        "{}: a real-time command, for {:?} and {:?}",
        profile.name,
        raw.name,
        raw.note,
    );
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
