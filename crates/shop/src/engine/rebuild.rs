//! The state from what is on disk: at start from the saved parts, in a rebuild from the journal.

use std::collections::BTreeSet;

use domain::{Event, Part, State, TillId};
use journal::EntryMeta;
use store::{PartChange, Store, StoreError};

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
