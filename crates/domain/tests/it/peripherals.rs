//! Devices on the counter: what the settings may say of them.

use domain::ShopCommand;
use domain::peripheral::{
    Peripheral, PeripheralKind, PrinterLanguage, PrinterSettings, SerialLine,
};
use domain::settings::Settings;

use crate::catalogue::settings;
use crate::settings::{bad, problem, refused};
use crate::world::World;

fn printer(at: &str) -> Peripheral {
    let printer = PrinterSettings {
        language: PrinterLanguage::EscPos,
        model: "generic-80mm".to_owned(),
        columns: None,
        line: None,
        drawer_open_level: None,
        silent: false,
    };
    Peripheral {
        at: at.to_owned(),
        name: "Drucker".to_owned(),
        device: PeripheralKind::Printer(printer),
    }
}

#[test]
fn devices_are_known_by_where_they_are() {
    let with = |change: fn(&mut PrinterSettings)| {
        move |settings: &mut Settings| {
            let mut device = printer("192.168.1.50:9100");
            let PeripheralKind::Printer(printer) = &mut device.device else { unreachable!() };
            change(printer);
            settings.peripherals.push(device);
        }
    };
    let mut w = World::open();
    let mut two = settings();
    two.peripherals = vec![printer("192.168.1.50:9100"), printer("usb:04b8:0e28")];
    w.office(ShopCommand::Configure { settings: Box::new(two) });
    let one = |at: &str| {
        let at = at.to_owned();
        move |settings: &mut Settings| settings.peripherals.push(printer(&at))
    };
    assert_eq!(problem(|s| (one("a:1")(s), one("a:1")(s)).0), "peripheral");
    assert_eq!(problem(one("a b:1")), "peripheral");
    assert_eq!(problem(one("http://printer/")), "peripheral");
    assert_eq!(problem(with(|p| p.language = PrinterLanguage::Epos)), "peripheral");
    assert_eq!(problem(with(|p| p.columns = Some(40))), "peripheral");
    assert_eq!(problem(with(|p| p.line = Some(SerialLine::usual(10)))), "peripheral");
    assert_eq!(
        problem(with(|p| p.line = Some(SerialLine { data_bits: 9, ..SerialLine::usual(9_600) }))),
        "peripheral"
    );
    assert_eq!(refused(one("")), bad("peripheral_at"));
    assert_eq!(refused(with(|p| p.model = String::new())), bad("printer_model"));
}
