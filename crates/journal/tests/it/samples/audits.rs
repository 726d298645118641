//! Audits, drawers that were tried, and the program's version.

use domain::AuditId;
use domain::audit::{AuditEnd, AuditStep, ProgramStarted};
use domain::cash::DrawerTried;
use domain::event::Event;

pub(super) fn all() -> Vec<Event> {
    let audit = AuditId(3);
    let ended = |why| Event::Audit(AuditStep::Ended { audit, why });
    vec![
        Event::Audit(AuditStep::Opened {
            audit,
            office: "Finanzamt Köln-Mitte, 215/1234/5678".to_owned(),
            until: "2026-11-23T15:07:12Z".parse().unwrap(),
        }),
        Event::Audit(AuditStep::Entered { audit }),
        Event::Audit(AuditStep::Looked { audit, what: "receipts?q=17".to_owned() }),
        ended(AuditEnd::Time),
        ended(AuditEnd::Shop),
        ended(AuditEnd::Auditor),
        ended(AuditEnd::WrongCode),
        Event::DrawerTried(DrawerTried {
            device: "Vorn".to_owned(),
            at: "192.168.1.40:9100".to_owned(),
        }),
        Event::ProgramStarted(ProgramStarted { version: "0.4.0".to_owned() }),
    ]
}
