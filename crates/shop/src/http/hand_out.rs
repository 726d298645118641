//! Files that are made whole before any of them is sent, so that nobody takes a part for the whole, and nothing that
//! makes them waits for whoever reads slowly.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use axum::body::Body;
use tempfile::{Builder, TempDir};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::catalogue::Pipe;

/// How much of a file is sent at a time.
const PIECE: usize = 64 * 1024;

/// A folder for one of them, which goes with it: beside the shop's file, where there is room for what comes out of it;
/// elsewhere memory may be all there is. Where nothing can be written there, it is wherever the system likes.
pub(super) fn folder(shop: &Path) -> io::Result<TempDir> {
    let mut named = Builder::new();
    let named = named.prefix("tresen-export-");
    let beside = shop.parent().filter(|at| !at.as_os_str().is_empty());
    beside.map_or_else(|| named.tempdir(), |at| named.tempdir_in(at).or_else(|_| named.tempdir()))
}

/// Sends a file out of such a folder.
pub(super) fn send(mut file: File, folder: TempDir) -> Body {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        // It lasts until all of it is sent, or nobody reads on.
        let _folder = folder;
        let failed = sender.clone();
        let mut pipe = io::BufWriter::with_capacity(PIECE, Pipe(sender));
        let sent = io::copy(&mut file, &mut pipe);
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if sent.is_err() || pipe.flush().is_err() {
            let _ = failed.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    Body::from_stream(ReceiverStream::new(receiver))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_beside_the_shops_or_else_wherever_that_can_be() {
        let shop = tempfile::tempdir().unwrap();
        let beside = folder(&shop.path().join("shop.sqlite")).unwrap();
        assert_eq!(beside.path().parent(), Some(shop.path()));
        let elsewhere = folder(&shop.path().join("not there").join("shop.sqlite")).unwrap();
        assert!(elsewhere.path().is_dir());
    }
}
