//! The state from what is on disk: at start from the saved parts, in a rebuild from the journal.

use std::collections::{BTreeSet, HashMap};

use domain::receipt::IssuedReceipt;
use domain::state::LastReceipt;
use domain::{Event, Part, ReceiptNo, State, TillId};
use journal::EntryMeta;
use store::{PartChange, Store, StoreError};

/// How many entries after a receipt are looked at to know whether it is still on its till's screen.
const STILL_SHOWN: u32 = 200;

/// Reads the saved parts and folds the entries of unfinished baskets.
pub(super) fn load_state(store: &Store) -> Result<State, StoreError> {
    let mut state = State::default();
    for kind in Part::KINDS {
        for (_, body) in store.parts(kind)? {
            state.load(kind, &body)?;
        }
    }
    for (_, meta, event) in store.open_basket_entries()? {
        if let Some(till) = meta.till {
            state.resume(meta.at, till, meta.person, &event);
        }
    }
    Ok(state)
}

/// The receipts that still stand on the tills' screens, with their change: those after which the till
/// has begun no basket. A receipt that lies far back is nobody's business any more.
pub(super) fn last_receipts(
    store: &Store,
    state: &mut State,
) -> Result<HashMap<TillId, IssuedReceipt>, StoreError> {
    let mut last = HashMap::new();
    let head = store.head().seq;
    for till in state.tills.values_mut() {
        let real = store.receipt_row(till.id, false, ReceiptNo(till.receipts))?;
        let training = store.receipt_row(till.id, true, ReceiptNo(till.training_receipts))?;
        let newest = real.into_iter().chain(training).max_by_key(|row| row.seq);
        let Some(row) = newest else { continue };
        if head.saturating_sub(row.seq) > u64::from(STILL_SHOWN) || began_since(store, till.id, row.seq)? {
            continue;
        }
        if let Some(issued) = store.receipt_at(row.seq)? {
            till.last_receipt = Some(LastReceipt { number: row.number, training: row.training });
            last.insert(till.id, issued);
        }
    }
    Ok(last)
}

/// The till went on with another basket after entry `seq`.
fn began_since(store: &Store, till: TillId, seq: u64) -> Result<bool, StoreError> {
    for row in store.journal(seq.saturating_add(1), STILL_SHOWN)? {
        // Most entries are none of these, and need not be taken apart.
        if !row.bytes.contains("\"kind\":\"basket_") {
            continue;
        }
        let (meta, event) = journal::decode(&row.bytes)?;
        let begins = matches!(
            event,
            Event::BasketOpened { .. } | Event::BasketChosen { .. } | Event::BasketRecalled { .. }
        );
        if begins && meta.till == Some(till) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which parts of the state an event changes, new tills of a configuration among them.
pub(super) fn touched(state: &State, meta_till: Option<TillId>, event: &Event) -> BTreeSet<Part> {
    let mut parts: BTreeSet<Part> = Part::touched(event, meta_till).into_iter().flatten().collect();
    if matches!(event, Event::ShopConfigured(_)) {
        parts.extend(state.tills.keys().map(|id| Part::Till(*id)));
    }
    parts
}

/// Makes every table anew from the journal. Nobody else may have the file open.
pub fn rebuild(store: &mut Store) -> Result<(), StoreError> {
    let mut state = State::default();
    store.rebuild(|meta: &EntryMeta, event: &Event| {
        let closed = state.apply(meta.at, meta.till, meta.person, event);
        let mut changes: Vec<PartChange> =
            closed.into_iter().map(|day| PartChange::Closed(Box::new(day))).collect();
        for part in touched(&state, meta.till, event) {
            if let Some(body) = state.save(part) {
                let (kind, key) = part.name();
                changes.push(PartChange::Save { kind: kind.to_owned(), key, body });
            }
        }
        changes
    })
}
