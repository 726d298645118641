//! Card terminals as devices.

use domain::TerminalId;
use domain::device::{
    DeviceCard, DeviceIdentity, InspectionPoint, PhotoDigest, PhotoKind, PointResult,
};
use domain::event::{DeviceConfirmed, DeviceInspected, DevicePhotographed, Event};

pub(super) fn all() -> Vec<Event> {
    let terminal = TerminalId(1);
    let says = |serial: &str| DeviceIdentity {
        terminal_id: Some("52500041".to_owned()),
        model: Some("Tischgerät 1".to_owned()),
        serial: Some(serial.to_owned()),
        software: Some("7.41".to_owned()),
    };
    let inspected = |points, note: &str| {
        Event::DeviceInspected(DeviceInspected { terminal, points, note: note.to_owned() })
    };
    let bare = DeviceCard {
        make: "Muster".to_owned(),
        identity: DeviceIdentity::default(),
        place: "Kasse 1".to_owned(),
        seal: String::new(),
        approval: String::new(),
        approval_until: None,
    };
    let full = DeviceCard {
        identity: says("0042-17"),
        seal: "S-20931".to_owned(),
        approval: "4-10205".to_owned(),
        approval_until: Some("2027-04-30".parse().unwrap()),
        ..bare.clone()
    };
    let points = |ok: bool| {
        let result = |point| PointResult { point, ok: ok || point != InspectionPoint::Seal };
        InspectionPoint::ALL.into_iter().map(result).collect()
    };
    vec![
        Event::DeviceReported { terminal, identity: says("0042-17") },
        Event::DeviceReported { terminal, identity: DeviceIdentity::default() },
        Event::DeviceChanged {
            terminal,
            identity: says("0042-18"),
            changed: says("0042-18").changed_from(&says("0042-17")),
        },
        Event::DeviceRegistered { terminal, card: Box::new(bare) },
        Event::DeviceRegistered { terminal, card: Box::new(full) },
        Event::DeviceConfirmed(Box::new(DeviceConfirmed {
            terminal,
            identity: says("0042-18"),
            reason: "Austausch durch den Techniker".to_owned(),
        })),
        inspected(points(true), ""),
        inspected(points(false), "Siegel lose"),
        Event::DevicePhotographed(DevicePhotographed {
            terminal,
            photo: PhotoDigest([0xa5; 32]),
            of: PhotoKind::Jpeg,
        }),
    ]
}
