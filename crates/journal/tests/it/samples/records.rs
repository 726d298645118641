//! Samples of records of a till that are no receipts.

use domain::basket::Line;
use domain::cash::{DrawerAlarm, DrawerAlarmed};
use domain::event::{BasketHandedOver, BasketOrdered, BenefitGiven, Event, OrderedLine};
use domain::receipt::Receipt;
use domain::totals::TaxRow;
use domain::{BasketId, PersonId, TillId};
use jiff::Timestamp;
use money::{Money, Rate};

use super::{bare_line, bare_receipt};

fn when() -> Timestamp {
    "2026-11-23T12:40:00Z".parse().unwrap()
}

fn tax() -> Vec<TaxRow> {
    let (net, tax, gross) = (Money::new(186), Money::new(13), Money::new(199));
    vec![TaxRow { key: 2, rate: Rate::new(700), net, tax, gross }]
}

pub(super) fn all() -> Vec<Event> {
    let (basket, total, opened) = (BasketId(41), Money::new(199), when());
    let lines: Vec<Line> = vec![bare_line()];
    let ordered = |taken_back| OrderedLine { line: bare_line(), price: total, taken_back };
    let given = BenefitGiven {
        basket,
        person: PersonId(3),
        reason: "Pausenbrot".to_owned(),
        opened,
        ordered: None,
        lines: lines.clone(),
        tax: tax(),
        total,
    };
    vec![
        Event::DrawerAlarmed(DrawerAlarmed { alarm: DrawerAlarm::Forced }),
        Event::DrawerAlarmed(DrawerAlarmed { alarm: DrawerAlarm::LeftOpen }),
        Event::BasketOrdered(Box::new(BasketOrdered {
            basket,
            lines: vec![ordered(false), ordered(true)],
            tax: tax(),
            total,
        })),
        Event::BasketHandedOver(Box::new(BasketHandedOver {
            basket,
            from: TillId(2),
            opened,
            lines,
            tax: tax(),
            total,
        })),
        Event::BenefitGiven(Box::new(given.clone())),
        Event::BenefitGiven(Box::new(BenefitGiven { ordered: Some(when()), ..given })),
        Event::ReceiptIssued(Box::new(Receipt { ordered: Some(when()), ..bare_receipt() })),
    ]
}
