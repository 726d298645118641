//! Signing units and what they sign.

use domain::event::{
    Event, SigningFailed, SigningFinished, SigningOutage, SigningRestored, SigningStarted,
    SigningTidied, SigningUnitReported, SigningUnitServiced,
};
use domain::signing::{
    EpsonUnit, FiskalyUnit, Signature, SigningSettings, Subject, Tidied, Transaction, UnitIdentity,
    UnitKind, UnitServiced, UnitSettings,
};
use domain::{BasketId, Settings, UnitId};

/// A shop with each kind of unit.
fn configured() -> Event {
    let unit = |id, kind| UnitSettings { id: UnitId(id), name: format!("TSE {id}"), kind };
    let fiskaly = FiskalyUnit {
        address: "https://kassensichv-middleware.fiskaly.com/api/v2".to_owned(),
        tss: "3a8f0c2e-1111-4222-8333-444455556666".to_owned(),
    };
    let epson =
        EpsonUnit { address: "192.168.1.20:8009".to_owned(), device: "local_TSE".to_owned() };
    let units = vec![
        unit(1, UnitKind::Fiskaly(fiskaly)),
        unit(2, UnitKind::Epson(epson)),
        unit(3, UnitKind::Software),
    ];
    let signing = SigningSettings { serial: "TR".to_owned(), units, clear_text: true };
    Event::ShopConfigured(Box::new(Settings { signing: Some(signing), ..super::settings() }))
}

pub(super) fn all() -> Vec<Event> {
    let (basket, unit) = (BasketId(7), UnitId(1));
    let serial = "20f2ed172daa09e5".repeat(4);
    let transaction = Transaction {
        unit,
        client: "TR-1".to_owned(),
        number: 17,
        began: "2026-11-26T08:00:00Z".parse().unwrap(),
    };
    let (process_type, data) = ("Kassenbeleg-V1", "Beleg^7.05_0.00_0.00_0.00_0.00^7.05:Bar");
    let signature = Signature {
        transaction: transaction.clone(),
        finished: "2026-11-26T08:01:00Z".parse().unwrap(),
        counter: 35,
        value: "c2lnbmF0dXJl".to_owned(),
        process_type: process_type.to_owned(),
        process_data: data.to_owned(),
        serial: serial.clone(),
    };
    let failed = |unit, transaction| {
        Event::SigningFailed(Box::new(SigningFailed {
            of: Subject::Basket(basket),
            unit,
            transaction,
            why: "time_out".to_owned(),
            process_type: process_type.to_owned(),
            process_data: data.to_owned(),
        }))
    };
    let finished = "2026-11-26T08:02:00Z".parse().unwrap();
    let tidied = |basket, entry, how| {
        let client = "TR-1".to_owned();
        let (number, counter) = (18, 37);
        let tidied = SigningTidied { unit, client, number, basket, entry, how, finished, counter };
        Event::SigningTidied(tidied)
    };
    let identity = UnitIdentity {
        serial,
        public_key: "BAEC".to_owned(),
        algorithm: "ecdsa-plain-SHA256".to_owned(),
        time_format: "unixTime".to_owned(),
        encoding: "UTF-8".to_owned(),
        certificates: vec!["MIIB".to_owned()],
        certified: false,
    };
    vec![
        Event::SigningStarted(Box::new(SigningStarted {
            basket,
            transaction: transaction.clone(),
        })),
        Event::SigningFinished(Box::new(SigningFinished {
            of: Subject::Basket(basket),
            signature: signature.clone(),
        })),
        Event::SigningFinished(Box::new(SigningFinished { of: Subject::Entry(812), signature })),
        failed(Some(unit), Some(transaction)),
        failed(None, None),
        Event::SigningUnitReported(Box::new(SigningUnitReported { unit, identity })),
        Event::SigningOutage(SigningOutage { unit, why: "unreachable".to_owned() }),
        Event::SigningRestored(SigningRestored { unit }),
        Event::SigningUnitServiced(SigningUnitServiced { unit, what: UnitServiced::SetUp }),
        tidied(None, None, Tidied::GivenUp),
        tidied(Some(basket), None, Tidied::SignedLate),
        tidied(None, Some(412), Tidied::SignedLate),
        configured(),
    ]
}
