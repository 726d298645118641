//! Chains of Austria's tills.

use domain::event::{Event, RksvSigned, RksvTold};
use domain::rksv::{Carried, Month, RksvKind, RksvNote, RksvSecret, SignerIdentity};
use domain::{BasketId, TillId, UnitId};
use money::Money;

pub(super) fn all() -> Vec<Event> {
    let till = TillId(1);
    let signed = |basket, kind, unsigned: Option<&str>, carried| {
        Event::RksvSigned(Box::new(RksvSigned {
            till,
            cash_register: "TR-1".to_owned(),
            position: 2,
            kind,
            number: "1".to_owned(),
            basket,
            at: "2026-11-26T09:01:00".parse().unwrap(),
            jws: "eyJhbGciOiJFUzI1NiJ9.X1Ix.c2ln".to_owned(),
            unsigned: unsigned.map(str::to_owned),
            device: "AT1/3ad80154".to_owned(),
            carried,
        }))
    };
    let first = Carried {
        counter: Money::ZERO,
        outage: None,
        closed: false,
        months: Vec::new(),
        years: Vec::new(),
    };
    let later = Carried {
        counter: Money::new(705),
        outage: Some("2026-11-26T09:01:00".parse().unwrap()),
        closed: true,
        months: vec![Month { year: 2026, month: 11 }],
        years: vec![2026],
    };
    let past = "LADEN-1".to_owned();
    let told = |told| Event::RksvTold(Box::new(told));
    vec![
        signed(None, RksvKind::Start, None, first),
        signed(Some(BasketId(7)), RksvKind::Standard, Some("unreachable"), later),
        told(RksvTold::NotSigned { till, basket: BasketId(7), why: "closed".to_owned() }),
        told(RksvTold::Asked { till, kind: RksvKind::Zero }),
        told(RksvTold::NotIssued { till, kind: RksvKind::Yearly, why: "outage_first".to_owned() }),
        told(RksvTold::Noted { till, note: RksvNote::StartChecked, register: None }),
        told(RksvTold::Device {
            device: UnitId(1),
            identity: SignerIdentity {
                provider: "AT1".to_owned(),
                certificate: "3ad80154".to_owned(),
                public_key: "BAEC".to_owned(),
                certificates: vec!["MIIB".to_owned()],
                certified: false,
            },
        }),
        told(RksvTold::Noted { till, note: RksvNote::OutageEndTold, register: Some(past.clone()) }),
        told(RksvTold::Secret { secret: RksvSecret::KeyShown { register: past.clone() } }),
        told(RksvTold::Secret { secret: RksvSecret::KeysHandedOut { register: past.clone() } }),
        told(RksvTold::Secret { secret: RksvSecret::KeyEntered { register: past } }),
        told(RksvTold::Secret { secret: RksvSecret::PasswordEntered { device: UnitId(1) } }),
    ]
}
