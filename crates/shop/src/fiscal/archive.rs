//! Packages as ZIP archives: packed while they are written, and unpacked within bounds.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use fiscal::de::dsfinvk::check::Package;
use fiscal::de::dsfinvk::{DTD, DTD_FILE, INDEX_FILE, Supplier, Written};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Fault;

/// More files a package does not have.
pub const MOST_FILES: usize = 64;
/// More bytes, unpacked, are not read: years of a large shop.
pub const MOST_BYTES: u64 = 64 * 1_024 * 1_024 * 1_024;

/// Bytes of a table that are handed on at once.
const CHUNK: usize = 128 * 1_024;
/// Chunks that wait to be packed.
const WAITING: usize = 16;

type Chunk = (&'static str, Vec<u8>);

/// Where a table's bytes go that is packed while it is written.
#[derive(Debug)]
pub(super) struct Chunks {
    file: &'static str,
    bytes: Vec<u8>,
    out: SyncSender<Chunk>,
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.bytes);
        // Nobody packs any more: why, the packing thread says.
        self.out.send((self.file, bytes)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// Packs tables on a thread of its own while `write` writes them, then index.xml, its DTD and the tables into `target`.
pub(super) fn pack(
    target: &Path,
    write: impl FnOnce(&dyn Fn(&'static str) -> Chunks) -> Result<(Written<Chunks>, Supplier), Fault>,
) -> Result<(), Fault> {
    // Beside the package: elsewhere memory may be all there is.
    let beside = target.parent().filter(|at| !at.as_os_str().is_empty());
    let folder = tempfile::tempdir_in(beside.unwrap_or(Path::new(".")))?;
    let (out, chunks) = sync_channel(WAITING);
    let (written, packed) = std::thread::scope(|scope| {
        let packer = scope.spawn(|| each_apart(folder.path(), chunks));
        let written = write(&|file| Chunks { file, bytes: Vec::new(), out: out.clone() });
        // The packer ends when the last of those who write is gone.
        let written = written.map(|(written, supplier)| {
            let index = written.index_xml(&supplier);
            (index, written.files.iter().map(|file| file.table.file).collect::<Vec<_>>())
        });
        drop(out);
        let packed = packer.join();
        (
            written,
            packed.unwrap_or_else(|_| Err(io::Error::other("packing came to a bad end").into())),
        )
    });
    // Where packing failed, writing only says that nobody listened.
    let mut packed = packed?;
    let (index, files) = written?;
    let mut zip = ZipWriter::new(BufWriter::new(File::create(target)?));
    let plain = SimpleFileOptions::default();
    zip.start_file(INDEX_FILE, plain)?;
    zip.write_all(index.as_bytes())?;
    zip.start_file(DTD_FILE, plain)?;
    zip.write_all(DTD.as_bytes())?;
    for file in files {
        let one = packed.remove(file).ok_or(zip::result::ZipError::FileNotFound)?;
        let mut one = ZipArchive::new(BufReader::new(one))?;
        zip.raw_copy_file(one.by_index_raw(0)?)?;
    }
    let mut out = zip.finish()?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(())
}

/// Packs each table into an archive of its own: they are written at the same time, and an archive takes one after the
/// other. Copying what is packed costs little.
fn each_apart(
    folder: &Path,
    chunks: Receiver<Chunk>,
) -> Result<BTreeMap<&'static str, File>, Fault> {
    let mut tables: BTreeMap<&'static str, ZipWriter<BufWriter<File>>> = BTreeMap::new();
    for (file, bytes) in chunks {
        let zip = match tables.entry(file) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let open = File::options()
                    .read(true)
                    .write(true)
                    .create_new(true)
                    .open(folder.join(file))?;
                let mut zip = ZipWriter::new(BufWriter::new(open));
                // How long it becomes nobody knows yet; the copy is written in the form that its length asks for.
                zip.start_file(file, SimpleFileOptions::default().large_file(true))?;
                entry.insert(zip)
            }
        };
        zip.write_all(&bytes)?;
    }
    let finish = |(file, zip): (&'static str, ZipWriter<BufWriter<File>>)| {
        let packed = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok((file, packed))
    };
    tables.into_iter().map(finish).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_the_writing_is_told_and_nobody_waits_for_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let told = pack(&folder.path().join("a.zip"), |sink| {
            let mut table = sink("lines.csv");
            table.write_all(&vec![b'1'; 3 * CHUNK])?;
            Err(Fault::Currency)
        });
        assert!(matches!(told, Err(Fault::Currency)), "{told:?}");
    }

    #[test]
    fn a_disk_that_fails_the_packing_is_what_is_told() {
        let folder = tempfile::tempdir().unwrap();
        // No file can have this name, so that it cannot be packed; whoever writes only hears that nobody listens.
        let told = pack(&folder.path().join("a.zip"), |sink| {
            let mut table = sink("no such folder/lines.csv");
            loop {
                table.write_all(&vec![b'1'; CHUNK])?;
            }
        });
        let Err(Fault::Io(fault)) = told else { panic!("{told:?}") };
        assert_eq!(fault.kind(), io::ErrorKind::NotFound);
    }
}
