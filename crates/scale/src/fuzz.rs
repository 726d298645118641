//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that it returns.

use crate::session::{Memory, Scale, Session, Step};
use crate::weighing::{Goods, Protocol};
use crate::{Keys, dialog, mettler8217, sics};

const ALL: [Protocol; 5] = [
    Protocol::Dialog02,
    Protocol::Dialog04,
    Protocol::Dialog06,
    Protocol::Mettler8217,
    Protocol::Sics,
];

/// Bytes as answers of each kind.
pub fn answers(bytes: &[u8]) {
    let mut dialog = dialog::Reader::default();
    let mut mettler = mettler8217::Reader::default();
    let mut sics = sics::Reader::default();
    for byte in bytes {
        let _ = dialog.push(*byte);
        let _ = mettler.push(*byte);
        let _ = sics.push(*byte);
    }
}

/// Bytes as what a scale says in a whole conversation; the first says which. How many weighings came of it: one at most, and
/// never at another price than was asked for.
pub fn session(bytes: &[u8]) -> usize {
    let Some((first, rest)) = bytes.split_first() else { return 0 };
    let which = usize::from(*first).checked_rem(ALL.len()).unwrap_or_default();
    let Some(protocol) = ALL.get(which) else { return 0 };
    let keys = Keys::new(0x8810_8000);
    let scale = Scale { protocol: *protocol, least: 40, keys };
    let Some(goods) = Goods::new(199, 50, "Äpfel\u{1b}\u{4}") else { return 0 };
    let mut session = Session::new(scale, goods.clone(), Memory::default(), [1, 2, 3, 4]);
    let mut weighings: usize = 0;
    let _ = session.again();
    for chunk in rest.chunks(7) {
        match session.receive(chunk) {
            Some(Step::Wait(_)) => {
                let _ = session.again();
            }
            Some(Step::Done(weighing, _)) => {
                let same = weighing.unit_price() == goods.unit_price();
                weighings = weighings.saturating_add(if same { 1 } else { 2 });
            }
            Some(Step::Never(_)) => return weighings,
            Some(Step::Send(_)) | None => {}
        }
    }
    weighings
}
