//! What a software unit remembers: a file of lines, each the unit as it was after one deed, and what it signed. Only
//! ever added to; a line that was torn by the end of the machine is cut off when the file is opened.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::software::SoftwareUnit;
use fiscal::de::tse::tar::ExportFile;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How much of the file's end is looked through at a time for its last line.
const STEP: u64 = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Line<U> {
    unit: U,
    name: String,
    at: Timestamp,
    log: String,
}

/// The file.
pub(crate) struct Memory {
    file: File,
    path: PathBuf,
    /// How long it is, up to the end of its last whole line.
    length: u64,
}

fn bad(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Memory {
    /// Opens the file, readable for the shop's account alone, and answers the unit in its last whole line; none in
    /// a new one.
    pub(crate) fn open(path: &Path) -> io::Result<(Memory, Option<SoftwareUnit>)> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        let (length, last) = last_line(&mut file)?;
        file.set_len(length)?;
        let unit = last
            .map(|line| serde_json::from_slice::<Line<SoftwareUnit>>(&line).map(|line| line.unit));
        let unit = unit.transpose().map_err(|_| bad("the unit's last line cannot be read"))?;
        Ok((Memory { file, path: path.to_owned(), length }, unit))
    }

    /// Adds what was done; on disk when it answers. After an error nothing was added.
    pub(crate) fn add(&mut self, unit: &SoftwareUnit, logs: &[ExportFile]) -> io::Result<()> {
        let mut text = Vec::new();
        for log in logs {
            let line = Line {
                unit,
                name: log.name.clone(),
                at: log.at,
                log: Base64::encode_string(&log.bytes),
            };
            serde_json::to_writer(&mut text, &line)?;
            text.push(b'\n');
        }
        // What an earlier fault left behind is overwritten.
        self.file.seek(SeekFrom::Start(self.length))?;
        let added = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        if let Err(error) = added {
            // When that fails too, the torn line is cut off the next time the file is opened.
            let _torn = self.file.set_len(self.length);
            return Err(error);
        }
        let length = u64::try_from(text.len()).map_err(|_| bad("too much at once"))?;
        self.length = self.length.saturating_add(length);
        Ok(())
    }

    /// Everything that was signed, in the order in which it was.
    pub(crate) fn logs(&self) -> io::Result<impl Iterator<Item = io::Result<ExportFile>> + use<>> {
        let file = File::open(&self.path)?.take(self.length);
        Ok(BufReader::new(file).lines().map(|line| {
            let line: Line<serde::de::IgnoredAny> = serde_json::from_str(&line?)?;
            let bytes = Base64::decode_vec(&line.log).map_err(|_| bad("a log is no Base64"))?;
            Ok(ExportFile { name: line.name, at: line.at, bytes })
        }))
    }
}

/// Where the last whole line ends, and that line.
fn last_line(file: &mut File) -> io::Result<(u64, Option<Vec<u8>>)> {
    let mut from = file.metadata()?.len();
    let mut tail: Vec<u8> = Vec::new();
    loop {
        if let Some(end) = tail.iter().rposition(|byte| *byte == b'\n') {
            let before = tail.get(..end).unwrap_or_default();
            let begin =
                before.iter().rposition(|byte| *byte == b'\n').map(|at| at.saturating_add(1));
            if begin.is_some() || from == 0 {
                let line = before.get(begin.unwrap_or(0)..).unwrap_or_default().to_vec();
                let end = u64::try_from(end).map_err(|_| bad("too long"))?;
                return Ok((from.saturating_add(end).saturating_add(1), Some(line)));
            }
        } else if from == 0 {
            return Ok((0, None));
        }
        let step = from.min(STEP);
        from = from.saturating_sub(step);
        let mut more = vec![0; usize::try_from(step).map_err(|_| bad("too long"))?];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut more)?;
        more.extend_from_slice(&tail);
        tail = more;
    }
}
