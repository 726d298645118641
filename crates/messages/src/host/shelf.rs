//! The folder in which what was sealed is kept: a file an id, `TRS1`, until when (seconds, 8 bytes), whose (8 bytes), then the sealed bytes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::tokens::Owner;

const MAGIC: &[u8; 4] = b"TRS1";

/// Something that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Until when, seconds since 1970.
    pub until: u64,
    /// Whose.
    pub owner: Owner,
    /// What was sealed.
    pub bytes: Vec<u8>,
}

impl Kept {
    /// As it lies in its file.
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        [&MAGIC[..], &self.until.to_be_bytes(), &self.owner, &self.bytes].concat()
    }

    /// Reads [`Kept::written`]; none for anything else.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Kept> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (until, rest) = rest.split_first_chunk::<8>()?;
        let (owner, rest) = rest.split_first_chunk::<8>()?;
        Some(Kept { until: u64::from_be_bytes(*until), owner: *owner, bytes: rest.to_vec() })
    }
}

/// Why something is not kept.
#[derive(Debug, thiserror::Error)]
pub enum ShelfFault {
    /// Under that id lies something of somebody else.
    #[error("the id belongs to somebody else")]
    NotYours,
    /// There is no room.
    #[error("there is no room")]
    Full,
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

/// See the module.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    most: u64,
    used: AtomicU64,
    drafts: AtomicU64,
}

fn name(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Shelf {
    /// A folder, of which what is kept takes at most so many bytes.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(folder: &Path, most: u64) -> std::io::Result<Shelf> {
        fs::create_dir_all(folder)?;
        let mut used = 0_u64;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // What a crash left half written.
            if entry.path().extension().is_some() {
                fs::remove_file(entry.path())?;
                continue;
            }
            used = used.saturating_add(entry.metadata()?.len());
        }
        let drafts = AtomicU64::new(0);
        Ok(Shelf { folder: folder.to_owned(), most, used: AtomicU64::new(used), drafts })
    }

    fn path(&self, id: &[u8; 16]) -> PathBuf {
        self.folder.join(name(id))
    }

    fn read(&self, id: &[u8; 16]) -> Option<Kept> {
        Kept::read(&fs::read(self.path(id)).ok()?)
    }

    /// What was sealed under an id, while it is kept.
    #[must_use]
    pub fn get(&self, id: &[u8; 16], now: u64) -> Option<Vec<u8>> {
        self.read(id).filter(|kept| kept.until > now).map(|kept| kept.bytes)
    }

    /// Keeps something; in place of what the same owner kept there. It is on disk, whole, when this answers.
    ///
    /// # Errors
    /// When it belongs to somebody else, there is no room, or the disk fails.
    pub fn put(&self, id: &[u8; 16], kept: &Kept, now: u64) -> Result<(), ShelfFault> {
        let before = self.read(id).filter(|before| before.until > now);
        if before.as_ref().is_some_and(|before| before.owner != kept.owner) {
            return Err(ShelfFault::NotYours);
        }
        let bytes = kept.written();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let path = self.path(id);
        let old = fs::metadata(&path).map_or(0, |old| old.len());
        let used = self.used.fetch_add(size, Ordering::Relaxed).saturating_add(size);
        if used > self.most {
            self.used.fetch_sub(size, Ordering::Relaxed);
            return Err(ShelfFault::Full);
        }
        let draft = self.drafts.fetch_add(1, Ordering::Relaxed);
        let draft = self.folder.join(format!("{}.{draft}", name(id)));
        let written = fs::File::create(&draft)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&draft, &path));
        if let Err(error) = written {
            self.used.fetch_sub(size, Ordering::Relaxed);
            let _ = fs::remove_file(&draft);
            return Err(error.into());
        }
        self.used.fetch_sub(old, Ordering::Relaxed);
        Ok(())
    }

    /// Takes away what was kept for long enough.
    pub fn expire(&self, now: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some() {
                continue;
            }
            let over = fs::read(&path).ok().and_then(|bytes| Kept::read(&bytes));
            let size = entry.metadata().map_or(0, |of| of.len());
            if over.is_none_or(|kept| kept.until <= now) && fs::remove_file(&path).is_ok() {
                self.used.fetch_sub(size, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(until: u64, owner: u8) -> Kept {
        Kept { until, owner: [owner; 8], bytes: vec![1, 2, 3] }
    }

    #[test]
    fn what_is_kept_is_there_until_its_time_is_over_and_then_gone_from_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::open(folder.path(), 1_000).expect("a shelf");
        shelf.put(&[1; 16], &kept(100, 7), 0).expect("kept");
        assert_eq!(shelf.get(&[1; 16], 99), Some(vec![1, 2, 3]));
        assert_eq!(shelf.get(&[1; 16], 100), None);
        assert_eq!(shelf.get(&[2; 16], 0), None);
        shelf.expire(99);
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1);
        shelf.expire(100);
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
    }

    #[test]
    fn nobody_overwrites_what_is_another_shops() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::open(folder.path(), 1_000).expect("a shelf");
        shelf.put(&[1; 16], &kept(100, 7), 0).expect("kept");
        assert!(matches!(shelf.put(&[1; 16], &kept(200, 8), 0), Err(ShelfFault::NotYours)));
        shelf.put(&[1; 16], &kept(200, 7), 0).expect("one's own is brought again");
        assert!(shelf.get(&[1; 16], 150).is_some());
    }

    #[test]
    fn there_is_room_for_so_much_and_what_goes_makes_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::open(folder.path(), 50).expect("a shelf");
        shelf.put(&[1; 16], &kept(100, 7), 0).expect("kept");
        shelf.put(&[2; 16], &kept(100, 7), 0).expect("kept");
        assert!(matches!(shelf.put(&[3; 16], &kept(100, 7), 0), Err(ShelfFault::Full)));
        shelf.expire(100);
        shelf.put(&[3; 16], &kept(300, 7), 100).expect("kept");
        // A file of before counts, and a half one is gone.
        fs::write(folder.path().join("00.1"), b"half").expect("written");
        let again = Shelf::open(folder.path(), 50).expect("a shelf");
        assert_eq!(again.used.load(Ordering::Relaxed), 23);
        assert!(!folder.path().join("00.1").exists());
    }
}
