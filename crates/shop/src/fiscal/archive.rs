//! Packages as ZIP archives: packed file by file, and unpacked within bounds.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use fiscal::de::dsfinvk::check::Package;
use fiscal::de::dsfinvk::{DTD, DTD_FILE, INDEX_FILE, Supplier, Written};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Fault;

/// More files a package does not have.
pub const MOST_FILES: usize = 64;
/// More bytes, unpacked, are not read: years of a large shop.
pub const MOST_BYTES: u64 = 64 * 1_024 * 1_024 * 1_024;
/// ZIP's own limit, from which on entries are written in the larger form.
const LARGE: u64 = 0xf000_0000;

/// Packs index.xml, its DTD and the tables that lie in `folder`.
pub(super) fn pack<W>(
    folder: &Path,
    written: &Written<W>,
    supplier: &Supplier,
    target: &Path,
) -> Result<(), Fault> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(target)?));
    let plain = SimpleFileOptions::default();
    zip.start_file(INDEX_FILE, plain)?;
    zip.write_all(written.index_xml(supplier).as_bytes())?;
    zip.start_file(DTD_FILE, plain)?;
    zip.write_all(DTD.as_bytes())?;
    for file in &written.files {
        let mut source = File::open(folder.join(file.table.file))?;
        let large = source.metadata()?.len() >= LARGE;
        zip.start_file(file.table.file, plain.large_file(large))?;
        io::copy(&mut source, &mut zip)?;
    }
    let mut out = zip.finish()?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(())
}

/// A package that was unpacked into a folder of its own, which goes with it.
pub(super) struct Unpacked {
    folder: tempfile::TempDir,
    names: Vec<String>,
}

impl Unpacked {
    /// Unpacks an archive. Names in it are names only: nothing is written under them.
    pub(super) fn of(archive: impl Read + Seek) -> Result<Unpacked, Fault> {
        let mut zip = ZipArchive::new(archive)?;
        if zip.len() > MOST_FILES {
            return Err(Fault::TooLarge);
        }
        let folder = tempfile::tempdir()?;
        let (mut names, mut left) = (Vec::new(), MOST_BYTES);
        for at in 0..zip.len() {
            let file = zip.by_index(at)?;
            if file.is_dir() {
                continue;
            }
            // Whoever packs a folder has its name before each file.
            let name = file.name()?.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let mut out = File::create(folder.path().join(names.len().to_string()))?;
            let copied = io::copy(&mut file.take(left.saturating_add(1)), &mut out)?;
            left = left.checked_sub(copied).ok_or(Fault::TooLarge)?;
            names.push(name);
        }
        Ok(Unpacked { folder, names })
    }
}

impl Package for Unpacked {
    type File = BufReader<File>;

    fn files(&mut self) -> io::Result<Vec<String>> {
        Ok(self.names.clone())
    }

    fn open(&mut self, file: &str) -> io::Result<Self::File> {
        let at = self.names.iter().position(|name| name == file);
        let at = at.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(BufReader::new(File::open(self.folder.path().join(at.to_string()))?))
    }
}

/// A package that lies in a folder and was never packed; the folder goes with it.
pub(super) struct Folder {
    folder: tempfile::TempDir,
    names: Vec<String>,
}

impl Folder {
    /// The tables that lie in a folder, with index.xml and its DTD beside them.
    pub(super) fn of<W>(
        folder: tempfile::TempDir,
        written: &Written<W>,
        supplier: &Supplier,
    ) -> Result<Folder, Fault> {
        std::fs::write(folder.path().join(INDEX_FILE), written.index_xml(supplier))?;
        std::fs::write(folder.path().join(DTD_FILE), DTD)?;
        let tables = written.files.iter().map(|file| file.table.file);
        let names = [INDEX_FILE, DTD_FILE].into_iter().chain(tables).map(str::to_owned).collect();
        Ok(Folder { folder, names })
    }
}

impl Package for Folder {
    type File = BufReader<File>;

    fn files(&mut self) -> io::Result<Vec<String>> {
        Ok(self.names.clone())
    }

    fn open(&mut self, file: &str) -> io::Result<Self::File> {
        if !self.names.iter().any(|name| name == file) {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        Ok(BufReader::new(File::open(self.folder.path().join(file))?))
    }
}
