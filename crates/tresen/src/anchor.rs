//! Heads of the journal that were noted elsewhere: what a chain alone cannot know of itself.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use store::{Anchor, Head, Reader};

/// How many lines of a file are read: one a day for a hundred years, and some.
const MOST: usize = 100_000;

/// As it is written down: `1234:` and 64 hexadecimal digits.
pub fn text(head: Head) -> String {
    let hash: String = head.hash.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}:{hash}", head.seq)
}

/// Reads `SEQ:HASH`, or a file: a list of such lines, or a backup, whose own head counts. In a list
/// what follows a `#` is for people.
pub fn read(given: &str) -> Result<Vec<Anchor>> {
    if let Some(anchor) = parse(given) {
        return Ok(vec![anchor]);
    }
    let path = Path::new(given);
    if !path.is_file() {
        bail!("{given}: weder SEQ:HASH noch eine Datei · neither SEQ:HASH nor a file");
    }
    if is_database(path)? {
        let head = Reader::open(path)?.head()?;
        return Ok(vec![Anchor { seq: head.seq, hash: Some(head.hash) }]);
    }
    let list = std::fs::read_to_string(path).with_context(|| given.to_owned())?;
    let mut anchors = Vec::new();
    for (line, number) in list.lines().take(MOST).zip(1..) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let Some(anchor) = parse(line) else { bail!("{given}, {number}: SEQ:HASH? {line}") };
        anchors.push(anchor);
    }
    if anchors.is_empty() {
        bail!("{given}: kein SEQ:HASH darin · no SEQ:HASH in it");
    }
    Ok(anchors)
}

fn parse(text: &str) -> Option<Anchor> {
    let (seq, hash) = text.trim().split_once(':')?;
    if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0_u8; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(hash.get(at..at + 2)?, 16).ok()?;
    }
    let seq = seq.parse().ok().filter(|seq| *seq > 0)?;
    Some(Anchor { seq, hash: Some(bytes) })
}

fn is_database(path: &Path) -> Result<bool> {
    use std::io::Read as _;
    let mut first = [0_u8; 16];
    let mut file = std::fs::File::open(path)?;
    Ok(file.read_exact(&mut first).is_ok() && first == *b"SQLite format 3\0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_back_as_it_was_written_down() {
        let head = Head { seq: 1_234, hash: [0xab; 32] };
        let anchor = Anchor { seq: 1_234, hash: Some([0xab; 32]) };
        assert_eq!(parse(&text(head)), Some(anchor));
        assert_eq!(parse(&format!(" {} ", text(head).to_uppercase())), Some(anchor));
        let zeros = "0".repeat(64);
        for wrong in [
            "",
            "1234",
            "1234:",
            "1234:abcd",
            &format!("0:{zeros}"),
            &format!("x:{zeros}"),
            &format!("1:{}+1", &zeros[2..]),
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_list_may_say_things_to_people_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heads.txt");
        let given = file.to_str().unwrap();
        let head = text(Head { seq: 7, hash: [1; 32] });
        std::fs::write(&file, format!("# Köpfe\n\n{head} # Montag\n")).unwrap();
        assert_eq!(read(given).unwrap(), [Anchor { seq: 7, hash: Some([1; 32]) }]);
        for wrong in ["", "# nichts\n", "7:abc\n"] {
            std::fs::write(&file, wrong).unwrap();
            assert!(read(given).is_err(), "{wrong}");
        }
        assert!(read("nowhere.txt").is_err());
    }
}
