//! Recalls: which batches are not sold any more.

use super::{Context, MAX_TEXT, limits};
use crate::event::Event;
use crate::facts::Stop;
use crate::goods::{
    MAX_RECALLS, MAX_RECALLS_AT_ONCE, Recall, RecallDraft, RecallLifted, RecalledGoods,
};
use crate::ids::RecallId;
use crate::refusal::Refusal;

/// The longest batch of a GS1 code (AI 10), characters.
const MAX_BATCH: usize = 20;

/// Adds recalls; what is recalled already, for the same goods and batch, is not recalled again.
pub(super) fn add(context: Context<'_>, drafts: &[RecallDraft]) -> Result<Vec<Event>, Stop> {
    if drafts.is_empty() || drafts.len() > MAX_RECALLS_AT_ONCE {
        return Err(limits::out("recalls").into());
    }
    let mut id = context.state.recalls.keys().next_back().map_or(0, |id| id.0);
    let mut added: Vec<Recall> = Vec::new();
    for draft in drafts {
        let recall = checked(context, draft)?;
        let same = |known: &Recall| {
            let batch = known.batch.eq_ignore_ascii_case(&recall.batch);
            known.lifted.is_none() && known.goods == recall.goods && batch
        };
        if context.state.recalls.values().any(same) || added.iter().any(same) {
            continue;
        }
        id = id.saturating_add(1);
        added.push(Recall { id: RecallId(id), ..recall });
    }
    if context.state.recalls.len().saturating_add(added.len()) > MAX_RECALLS {
        return Err(limits::out("recalls").into());
    }
    Ok(added.into_iter().map(|recall| Event::BatchRecalled(Box::new(recall))).collect())
}

fn checked(context: Context<'_>, draft: &RecallDraft) -> Result<Recall, Stop> {
    limits::text("recall_batch", &draft.batch, MAX_BATCH)?;
    limits::text("recall_reason", &draft.reason, MAX_TEXT)?;
    let goods = match &draft.goods {
        RecalledGoods::Gtin(code) => {
            let scanned = || code.chars().filter(|c| limits::clean_char(*c)).take(60).collect();
            let gtin = gs1::Gtin::parse(code.trim())
                .map_err(|_| Refusal::CheckDigit { scanned: scanned() })?;
            RecalledGoods::Gtin(gtin.as_14().to_owned())
        }
        RecalledGoods::Item(item) => {
            context.facts.item(*item)?.ok_or(Refusal::UnknownItem)?;
            RecalledGoods::Item(*item)
        }
    };
    Ok(Recall {
        id: RecallId(0),
        goods,
        batch: draft.batch.trim().to_owned(),
        reason: draft.reason.trim().to_owned(),
        dated: draft.dated,
        lifted: None,
    })
}

/// Lets a batch be sold again.
pub(super) fn lift(
    context: Context<'_>,
    recall: RecallId,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("recall_reason", reason, MAX_TEXT)?;
    let known = context.state.recalls.get(&recall).ok_or(Refusal::UnknownRecall)?;
    if known.lifted.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::RecallLifted(RecallLifted { recall, reason: reason.trim().to_owned() })])
}
