//! The state from what is on disk: at start from the saved parts, in a rebuild from the journal.

use std::collections::{BTreeSet, HashMap};

use domain::receipt::IssuedReceipt;
use domain::state::LastReceipt;
use domain::{BasketId, Event, Part, ReceiptNo, State, TillId};
use journal::EntryMeta;
use serde::{Deserialize, Serialize};
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

/// What stands on a till's screen beside its baskets; saved by the engine, as no entry of an open
/// basket tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Screen {
    active: Option<BasketId>,
    /// Number, and whether it is of the training series.
    last: Option<(ReceiptNo, bool)>,
}

/// How the store names it, by till.
pub(super) const SCREEN: &str = "screen";

/// What stands on a till's screen now.
pub(super) fn screen(state: &State, till: TillId) -> Option<Screen> {
    let till = state.tills.get(&till)?;
    let last = till.last_receipt.map(|receipt| (receipt.number, receipt.training));
    Some(Screen { active: till.active, last })
}

/// Takes the saved screens in; answers the receipts that stand on them.
pub(super) fn load_screens(
    store: &Store,
    state: &mut State,
) -> Result<HashMap<TillId, IssuedReceipt>, StoreError> {
    let mut shown = HashMap::new();
    for (key, body) in store.parts(SCREEN)? {
        let saved: Screen = serde_json::from_str(&body)?;
        let till = u16::try_from(key).ok().and_then(|id| state.tills.get_mut(&TillId(id)));
        let Some(till) = till else { continue };
        till.active = saved.active.filter(|basket| till.baskets.contains(basket));
        if let Some((number, training)) = saved.last
            && let Some(issued) = store.receipt(till.id, training, number)?
        {
            till.last_receipt = Some(LastReceipt { number, training });
            shown.insert(till.id, issued);
        }
    }
    Ok(shown)
}

/// Which parts of the state an event changes, new tills of a configuration and the chains of a restored shop among them.
pub(super) fn touched(
    state: &State,
    seq: u64,
    meta_till: Option<TillId>,
    event: &Event,
) -> BTreeSet<Part> {
    let mut parts: BTreeSet<Part> =
        Part::touched(seq, event, meta_till).into_iter().flatten().collect();
    if matches!(event, Event::ShopConfigured(_)) {
        parts.extend(state.tills.keys().map(|id| Part::Till(*id)));
    }
    if matches!(event, Event::ShopRestored(_)) {
        parts.extend(state.registers.keys().map(|id| Part::Register(*id)));
    }
    parts
}

/// Makes every table anew from the journal. Nobody else may have the file open.
pub fn rebuild(store: &mut Store) -> Result<(), StoreError> {
    let mut state = State::default();
    store.rebuild(|meta: &EntryMeta, event: &Event| {
        let before = meta.till.and_then(|till| screen(&state, till));
        let closed = state.apply(meta.seq, meta.at, meta.till, meta.person, event);
        let mut changes: Vec<PartChange> =
            closed.into_iter().map(|day| PartChange::Closed(Box::new(day))).collect();
        for part in touched(&state, meta.seq, meta.till, event) {
            let (kind, key) = part.name();
            let kind = kind.to_owned();
            changes.push(match state.save(part) {
                Some(body) => PartChange::Save { kind, key, body },
                None => PartChange::Delete { kind, key },
            });
        }
        if let Some(till) = meta.till
            && let now = screen(&state, till)
            && now != before
            && let Ok(body) = serde_json::to_string(&now)
        {
            let (kind, key) = (SCREEN.to_owned(), i64::from(till.0));
            changes.push(PartChange::Save { kind, key, body });
        }
        changes
    })
}

impl super::worker::Worker {
    /// An import that a crash interrupted can never finish: its items are void.
    pub(super) fn give_up_import(&mut self) -> Result<(), StoreError> {
        let Some(import) = self.state.counters.import else { return Ok(()) };
        let now = self.now();
        self.store.begin()?;
        let event = Event::ImportCancelled { import };
        self.record(now, None, None, (crate::ids::own_command(now), None), &[event])?;
        self.save_parts()?;
        self.store.commit()
    }
}
