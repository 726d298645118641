//! That a receipt was handed over without paper stands in the record: by what way, and when. To whom it went does not.

use domain::ShopCommand;
use domain::receipt::{HandedOver, ReceiptHandedOver};
use jiff::Timestamp;

use crate::engine::{Actor, Engine};
use crate::ids::own_command;

/// Notes it, once for each way. Training leaves no trace. What could not be recorded, the record's own lamp says; the receipt is with the
/// customer all the same.
pub(crate) async fn note_handed_over(engine: &Engine, now: Timestamp, seq: u64, way: HandedOver) {
    let known = engine.with_store(move |store| {
        let ways = store.handed_over(seq)?;
        let noted = ways.iter().any(|(by, _)| *by == way);
        if noted { Ok(None) } else { store.receipt_at(seq) }
    });
    let Ok(Ok::<_, store::StoreError>(Some(issued))) = known.await else { return };
    if issued.receipt.training {
        return;
    }
    let receipt = domain::ReceiptRef { till: issued.till, number: issued.receipt.number };
    let note = ShopCommand::NoteHandedOver(ReceiptHandedOver { receipt, way });
    let _ = engine.shop(own_command(now), Actor::default(), note).await;
}
