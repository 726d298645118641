//! Marks of packs, symbols read twice, and recalls.

use domain::basket::Line;
use domain::event::Event;
use domain::goods::{CodeRead, PackMark, PackReadTwice, Recall, RecallLifted, RecalledGoods};
use domain::{BasketId, ItemId, LineNo, RecallId, Refusal};
use gs1::Carrier;

fn read(carrier: Carrier) -> Option<Box<CodeRead>> {
    Some(Box::new(CodeRead { gtin: "04006381333931".to_owned(), carrier }))
}

fn mark() -> Option<Box<PackMark>> {
    Some(Box::new(PackMark {
        batch: Some("L-7/ß".to_owned()),
        serial: Some("0001".to_owned()),
        use_by: "2026-12-31".parse().ok(),
        best_before: "2026-11-01".parse().ok(),
        past: true,
    }))
}

pub(super) fn events(line: &Line) -> Vec<Event> {
    let basket = BasketId(77);
    let marked = || Box::new(Line { mark: mark(), ..line.clone() });
    let recall = |goods, lifted| {
        Event::BatchRecalled(Box::new(Recall {
            id: RecallId(3),
            goods,
            batch: "L-7".to_owned(),
            reason: "Glassplitter".to_owned(),
            dated: "2026-11-20".parse().unwrap(),
            lifted,
        }))
    };
    let stopped = Refusal::Recalled {
        name: "Senf".to_owned(),
        batch: "L-7".to_owned(),
        reason: "Glassplitter".to_owned(),
        dated: "2026-11-20".parse().unwrap(),
    };
    vec![
        Event::LineAdded { basket, line: marked(), read: read(Carrier::DataMatrix) },
        Event::LineAdded { basket, line: Box::new(line.clone()), read: read(Carrier::Bars) },
        Event::LineChanged { basket, line: marked(), read: read(Carrier::Qr) },
        Event::PackReadTwice(PackReadTwice { basket, line: LineNo(2), mark: None, stopped: None }),
        Event::PackReadTwice(PackReadTwice {
            basket,
            line: LineNo(2),
            mark: mark(),
            stopped: Some(Box::new(stopped)),
        }),
        recall(RecalledGoods::Gtin("04006381333931".to_owned()), None),
        recall(RecalledGoods::Item(ItemId(17)), None),
        Event::RecallLifted(RecallLifted { recall: RecallId(3), reason: "Entwarnung".to_owned() }),
    ]
}
