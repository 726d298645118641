//! Devices on the counter: what the settings may say of them.

use domain::ShopCommand;
use domain::label_printer::{LabelLanguage, LabelPrinterSettings};
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
        second_drawer: false,
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
            let PeripheralKind::Printer(printer) = &mut device.device else { panic!("a printer") };
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
    let epos = |at: &str| {
        let mut device = printer(at);
        let PeripheralKind::Printer(printer) = &mut device.device else { panic!("a printer") };
        printer.language = PrinterLanguage::Epos;
        move |settings: &mut Settings| settings.peripherals.push(device)
    };
    assert_eq!(problem(epos("https://192.168.1.50/")), "peripheral");
    let mut web = settings();
    epos("http://192.168.1.50/")(&mut web);
    w.office(ShopCommand::Configure { settings: Box::new(web) });
    assert_eq!(problem(with(|p| p.columns = Some(40))), "peripheral");
    assert_eq!(problem(with(|p| p.line = Some(SerialLine::usual(10)))), "peripheral");
    assert_eq!(
        problem(with(|p| p.line = Some(SerialLine { data_bits: 9, ..SerialLine::usual(9_600) }))),
        "peripheral"
    );
    assert_eq!(refused(one("")), bad("peripheral_at"));
    assert_eq!(refused(with(|p| p.model = String::new())), bad("printer_model"));
}

#[test]
fn a_label_printer_says_its_dots_and_its_labels() {
    let with = |change: fn(&mut LabelPrinterSettings)| {
        move |settings: &mut Settings| {
            let mut printer = LabelPrinterSettings {
                language: LabelLanguage::Zpl,
                dpi: 203,
                width: 57,
                height: 32,
                line: None,
            };
            change(&mut printer);
            let device = PeripheralKind::LabelPrinter(printer);
            let (at, name) = ("192.168.1.70:9100".to_owned(), "Etiketten".to_owned());
            settings.peripherals.push(Peripheral { at, name, device });
        }
    };
    let mut w = World::open();
    let mut settings = settings();
    with(|_| {})(&mut settings);
    w.office(ShopCommand::Configure { settings: Box::new(settings) });
    let known = w.state.settings.as_ref().expect("settings");
    assert_eq!(known.label_printer_at("192.168.1.70:9100").map(|p| p.dpi), Some(203));
    assert_eq!(known.printer_at("192.168.1.70:9100"), None);
    assert_eq!(problem(with(|p| p.dpi = 200)), "peripheral");
    assert_eq!(problem(with(|p| p.width = 24)), "peripheral");
    assert_eq!(problem(with(|p| p.width = 111)), "peripheral");
    assert_eq!(problem(with(|p| p.height = 14)), "peripheral");
    assert_eq!(problem(with(|p| p.height = 201)), "peripheral");
    assert_eq!(problem(with(|p| p.line = Some(SerialLine::usual(10)))), "peripheral");
}
