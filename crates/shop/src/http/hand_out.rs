//! Files that are made whole before any of them is sent, so that nobody takes a part for the whole, and nothing that
//! makes them waits for whoever reads slowly.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use tempfile::{Builder, TempDir};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, OwnedPermit, Sender};
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio_stream::wrappers::ReceiverStream;

/// How much of a file is sent at a time.
const PIECE: usize = 64 * 1024;

/// So many pieces wait for who reads.
const WAITING: usize = 4;

/// So many files are under way at most, made or sent: each may be as large as all that a shop has.
const AT_ONCE: usize = 3;

/// Whoever takes nothing for so long gets no more.
const PATIENCE: Duration = Duration::from_secs(300);

/// How their folders are named: so, after the shop's file, and by six letters and digits.
const NAMED: &str = "tresen-export-";

/// Who may make one, and how many are under way.
pub(super) struct Exports {
    turn: Arc<Mutex<()>>,
    places: Arc<Semaphore>,
}

impl Default for Exports {
    fn default() -> Self {
        Exports { turn: Arc::default(), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Exports {
    /// A turn to make one, and a place until it is sent; none while another is being made, or while as many as may be are
    /// under way.
    pub(super) fn begin(&self) -> Option<(OwnedMutexGuard<()>, Place)> {
        let turn = Arc::clone(&self.turn).try_lock_owned().ok()?;
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some((turn, place))
    }
}

/// A place of a file that is under way.
pub(super) type Place = OwnedSemaphorePermit;

/// A folder for one of them, which goes with it, and its place after that.
pub(super) struct Folder {
    folder: TempDir,
    _place: Place,
}

impl Folder {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// What the folders of a shop's file are named by, before letters and digits.
fn named(shop: &Path) -> String {
    let file = shop.file_name().unwrap_or_default().to_string_lossy();
    format!("{NAMED}{file}-")
}

fn beside(shop: &Path) -> Option<&Path> {
    shop.parent().filter(|at| !at.as_os_str().is_empty())
}

/// Makes a folder: beside the shop's file, where there is room for what comes out of it; elsewhere memory may be all there
/// is. Where nothing can be written there, it is wherever the system likes.
pub(super) fn folder(shop: &Path, place: Place) -> io::Result<Folder> {
    let name = named(shop);
    let mut builder = Builder::new();
    let builder = builder.prefix(&name);
    let folder = beside(shop).map_or_else(
        || builder.tempdir(),
        |at| builder.tempdir_in(at).or_else(|_| builder.tempdir()),
    );
    Ok(Folder { folder: folder?, _place: place })
}

/// Deletes what a program that ended in the middle left beside the shop's file. One process has the file: whatever is named
/// after it is nobody's. What cannot be deleted stays.
pub(super) fn tidy(shop: &Path) {
    let own = named(shop);
    let entries = beside(shop).and_then(|at| fs::read_dir(at).ok());
    for entry in entries.into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Earlier programs did not name the file. Another shop's file may lie here, and its name may begin like this one's.
        let rest = name.strip_prefix(&own).or_else(|| name.strip_prefix(NAMED));
        let left = rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric()));
        if left && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _stays = fs::remove_dir_all(entry.path());
        }
    }
}

/// Writes into the answer's body, while somebody takes it.
struct Patient {
    sender: Sender<io::Result<Bytes>>,
    runtime: Handle,
    patience: Duration,
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        match self.runtime.block_on(self.sender.send_timeout(piece, self.patience)) {
            Ok(()) => Ok(bytes.len()),
            Err(mpsc::error::SendTimeoutError::Closed(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends a file out of such a folder.
pub(super) fn send(file: File, folder: Folder) -> Body {
    send_patiently(file, folder, PATIENCE)
}

fn send_patiently(mut file: File, folder: Folder, patience: Duration) -> Body {
    let (sender, receiver) = mpsc::channel(WAITING.saturating_add(1));
    // Kept free: what breaks off says so, though nobody takes what waits.
    let last: Option<OwnedPermit<io::Result<Bytes>>> = sender.clone().try_reserve_owned().ok();
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        // It lasts until all of it is sent, or nobody reads on.
        let _folder = folder;
        let pipe = Patient { sender, runtime, patience };
        let mut pipe = io::BufWriter::with_capacity(PIECE, pipe);
        let sent = io::copy(&mut file, &mut pipe).and_then(|_| pipe.flush());
        // What waits in it would be tried again, at its end.
        let _ = pipe.into_parts();
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if let (Err(why), Some(last)) = (sent, last) {
            last.send(Err(why));
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}

#[cfg(test)]
mod tests {
    use tokio_stream::StreamExt as _;

    use super::*;

    fn place(exports: &Exports) -> Place {
        exports.begin().unwrap().1
    }

    #[test]
    fn a_file_is_made_beside_the_shops_or_else_wherever_that_can_be() {
        let exports = Exports::default();
        let shop = tempfile::tempdir().unwrap();
        let beside = folder(&shop.path().join("shop.sqlite"), place(&exports)).unwrap();
        assert_eq!(beside.path().parent(), Some(shop.path()));
        let nowhere = shop.path().join("not there").join("shop.sqlite");
        let elsewhere = folder(&nowhere, place(&exports)).unwrap();
        assert!(elsewhere.path().is_dir());
    }

    #[test]
    fn one_is_made_at_a_time_and_three_are_under_way_at_most() {
        let exports = Exports::default();
        let shop = tempfile::tempdir().unwrap();
        let file = shop.path().join("shop.sqlite");
        let making = exports.begin().unwrap();
        assert!(exports.begin().is_none(), "one is being made");
        drop(making);
        let mut sent: Vec<Folder> =
            (0..3).map(|_| folder(&file, place(&exports)).unwrap()).collect();
        assert!(exports.begin().is_none(), "three are under way");
        drop(sent.pop());
        assert!(exports.begin().is_some());
    }

    #[test]
    fn what_was_left_is_deleted_and_nothing_else() {
        let shop = tempfile::tempdir().unwrap();
        let at = |name: &str| shop.path().join(name);
        let file = at("shop.sqlite");
        let left = folder(&file, place(&Exports::default())).unwrap();
        fs::write(left.path().join("export.tar"), "half of it").unwrap();
        let left = left.folder.keep();
        let names = [
            "tresen-export-aB3xY9",
            "tresen-export-other.sqlite-aB3xY9",
            "tresen-export-shop.sqlite-2-aB3xY9",
            "backups",
        ];
        for name in names {
            fs::create_dir(at(name)).unwrap();
        }
        fs::write(at("tresen-export-notes"), "a file of somebody").unwrap();
        tidy(&file);
        assert!(!left.exists());
        assert_eq!(names.map(|name| at(name).exists()), [false, true, true, true]);
        assert!(at("tresen-export-notes").exists());
        tidy(&at("not there").join("shop.sqlite"));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_takes_nothing_gets_no_more_and_knows_it_is_a_part() {
        let exports = Exports::default();
        let shop = tempfile::tempdir().unwrap();
        let made = folder(&shop.path().join("shop.sqlite"), place(&exports)).unwrap();
        let path = made.path().to_owned();
        fs::write(path.join("file"), vec![7; PIECE * (WAITING + 3)]).unwrap();
        let file = File::open(path.join("file")).unwrap();
        let body = send_patiently(file, made, Duration::ZERO);
        let gone = async {
            while path.exists() || exports.places.available_permits() < AT_ONCE {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), gone).await.expect("given up");
        let pieces: Vec<_> = body.into_data_stream().collect().await;
        let (last, before) = pieces.split_last().unwrap();
        assert!(last.is_err() && before.len() == WAITING && before.iter().all(Result::is_ok));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_reads_gets_all_of_it() {
        let shop = tempfile::tempdir().unwrap();
        let made = folder(&shop.path().join("shop.sqlite"), place(&Exports::default())).unwrap();
        let whole: Vec<u8> = (0..PIECE * (WAITING + 3) + 5).map(|at| (at % 251) as u8).collect();
        fs::write(made.path().join("file"), &whole).unwrap();
        let file = File::open(made.path().join("file")).unwrap();
        let body = send(file, made);
        let sent = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert!(sent == whole);
    }
}
