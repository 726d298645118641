//! Records of a till (Vorgänge) beside its receipts, for an auditor: orders, baskets that went on at another till or were
//! given up, goods that people who work here took, cash, the drawer.

use axum::Json;
use axum::extract::State;
use domain::basket::Line;
use domain::settings::Language;
use domain::{Amount, BasketId, Event, TillId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::EntryMeta;
use money::{Currency, Money};
use serde::Deserialize;

use super::App;
use super::app::person_name;
use super::body::Asked;
use super::catalogue::limit;
use super::problem::{Answer, Failure};
use crate::api::audit::{AuditRecord, AuditRecordKind as Kind, AuditRecordPage};
use crate::engine::Snapshot;
use crate::print;

/// Which records.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    from: Option<Date>,
    to: Option<Date>,
    till: Option<TillId>,
    before: Option<String>,
    limit: Option<u32>,
}

/// So many are read at once.
const AT_ONCE: u32 = 200;

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<Which>,
) -> Answer<Json<AuditRecordPage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let most = usize::try_from(limit(asked.limit, 50, 200)).unwrap_or(usize::MAX);
    let before = asked.before.as_deref().map(str::parse).transpose();
    let mut before = before.map_err(|_| Failure::bad_field("before"))?.unwrap_or(u64::MAX);
    let found = app
        .read(move |reader| {
            let mut found = Vec::new();
            'pages: loop {
                let seqs = reader.records_before(asked.till, before, AT_ONCE)?;
                let Some((last, _)) = seqs.last() else { break };
                before = *last;
                for (seq, till) in seqs {
                    let Some((meta, event)) = reader.entry(seq)? else { continue };
                    let date = zone.to_datetime(meta.at).date();
                    if asked.from.is_some_and(|from| date < from) {
                        break 'pages;
                    }
                    if asked.to.is_none_or(|to| date <= to) {
                        found.push((till, meta, event));
                    }
                    if found.len() >= most {
                        break 'pages;
                    }
                }
            }
            Ok(found)
        })
        .await?;
    let next =
        found.last().filter(|_| found.len() >= most).map(|(_, meta, _)| meta.seq.to_string());
    let (currency, language) = (settings.currency, settings.language);
    let records = found.iter().filter_map(|(till, meta, event)| {
        record(&shop, (*till, meta, event), (currency, language))
    });
    Ok(Json(AuditRecordPage { records: records.collect(), next }))
}

/// What an entry is, beside where, when and by whom.
struct Told<'a> {
    kind: Kind,
    amount: Option<Money>,
    basket: Option<BasketId>,
    reason: &'a str,
    lines: Vec<&'a Line>,
}

fn told(event: &Event) -> Option<Told<'_>> {
    let plain = |kind, amount: Option<Money>, reason| Told {
        kind,
        amount,
        basket: None,
        reason,
        lines: Vec::new(),
    };
    Some(match event {
        Event::BasketOrdered(of) => Told {
            kind: Kind::Ordered,
            amount: Some(of.total),
            basket: Some(of.basket),
            reason: "",
            lines: of.lines.iter().map(|ordered| &ordered.line).collect(),
        },
        Event::BasketHandedOver(of) => Told {
            kind: Kind::HandedOver,
            amount: Some(of.total),
            basket: Some(of.basket),
            reason: "",
            lines: of.lines.iter().collect(),
        },
        Event::BenefitGiven(of) => Told {
            kind: Kind::Benefit,
            amount: Some(of.total),
            basket: Some(of.basket),
            reason: &of.reason,
            lines: of.lines.iter().collect(),
        },
        Event::BasketAborted { basket, total, reason } => Told {
            basket: Some(*basket),
            ..plain(Kind::GivenUp, Some(*total), reason.as_deref().unwrap_or_default())
        },
        Event::DayOpened { float, .. } => plain(Kind::Float, Some(*float), ""),
        Event::CashPaidIn { amount, reason, .. } => plain(Kind::PaidIn, Some(*amount), reason),
        Event::CashPaidOut { amount, reason, .. } => {
            plain(Kind::PaidOut, Some(amount.negated()), reason)
        }
        Event::CashDropped { amount, reason } => {
            plain(Kind::Dropped, Some(amount.negated()), reason)
        }
        Event::DrawerOpened { reason } => plain(Kind::DrawerOpened, None, reason),
        Event::DayClosed { difference, .. } => plain(Kind::Difference, Some(*difference), ""),
        _ => return None,
    })
}

fn record(
    shop: &Snapshot,
    (till, meta, event): (TillId, &EntryMeta, &Event),
    (currency, language): (Currency, Language),
) -> Option<AuditRecord> {
    let told = told(event)?;
    let paper = match language {
        Language::De => receipt::Language::De,
        Language::En => receipt::Language::En,
    };
    let line =
        |line: &&Line| format!("{} × {}", print::quantity_text(line.quantity, paper), line.name);
    let whose = match event {
        Event::BenefitGiven(given) => Some(person_name(shop, given.person)),
        _ => None,
    };
    Some(AuditRecord {
        seq: meta.seq,
        till,
        kind: told.kind,
        at: meta.at,
        person_name: meta.person.map(|person| person_name(shop, person)).unwrap_or_default(),
        amount: told.amount.map(|amount| Amount { amount, currency }),
        basket: told.basket,
        to: matches!(event, Event::BasketHandedOver(_)).then_some(meta.till).flatten(),
        whose,
        reason: told.reason.to_owned(),
        lines: told.lines.iter().map(line).collect(),
    })
}
