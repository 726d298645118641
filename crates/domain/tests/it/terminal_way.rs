//! How a terminal is reached: what settings are taken, and which are refused.

use domain::settings::{Settings, TerminalProtocol, TerminalSettings};
use domain::{Refusal, ShopCommand};

use crate::world::{MANAGER, World};

const PRINT: &str = "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89";

/// What it speaks, its address, rate and certificate, and what is wrong with that.
type Case =
    (TerminalProtocol, &'static str, Option<u32>, Option<&'static str>, Option<&'static str>);

fn with(w: &World, change: impl FnOnce(&mut TerminalSettings)) -> Settings {
    let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
    change(&mut settings.terminals[0]);
    settings
}

#[test]
fn a_way_has_what_it_needs_and_nothing_of_another() {
    use TerminalProtocol::{ZvtSerial, ZvtTcp, ZvtTls};
    let cases: &[Case] = &[
        (ZvtSerial, "/dev/ttyUSB0", None, None, None),
        (ZvtSerial, "/dev/serial/by-id/usb-terminal-if00", Some(115_200), None, None),
        (ZvtSerial, "COM3", Some(9_600), None, None),
        (ZvtSerial, "/dev/ttyUSB0", Some(19_200), None, Some("terminal_port")),
        (ZvtSerial, "/dev/tty", None, None, Some("terminal_port")),
        (ZvtSerial, "/dev/watchdog", None, None, Some("terminal_port")),
        (ZvtSerial, "/dev/tty/../watchdog", None, None, Some("terminal_port")),
        (ZvtSerial, "/etc/passwd", None, None, Some("terminal_port")),
        (ZvtSerial, "COM", None, None, Some("terminal_port")),
        (ZvtSerial, "COM1:9600", None, None, Some("terminal_port")),
        (ZvtSerial, "192.168.1.60:20007", None, None, Some("terminal_port")),
        (ZvtSerial, "/dev/ttyUSB0", None, Some(PRINT), Some("terminal_certificate")),
        (ZvtTcp, "/dev/ttyUSB0", None, None, Some("terminal_port")),
        (ZvtTcp, "192.168.1.60:20007", Some(9_600), None, Some("terminal_port")),
        (ZvtTcp, "192.168.1.60:20007", None, Some(PRINT), Some("terminal_certificate")),
        (ZvtTls, "192.168.1.60:20008", None, None, None),
        (ZvtTls, "192.168.1.60:20008", None, Some(PRINT), None),
        (ZvtTls, "192.168.1.60:20008", Some(9_600), Some(PRINT), Some("terminal_port")),
        (ZvtTls, "192.168.1.60:20008", None, Some(&PRINT[..92]), Some("terminal_certificate")),
        (ZvtTls, "192.168.1.60:20008", None, Some("AB:CD"), Some("terminal_certificate")),
        (ZvtTls, "192.168.1.60:20008", None, Some(""), Some("terminal_certificate")),
    ];
    for (protocol, address, rate, certificate, refused) in cases {
        let mut w = World::open();
        let settings = with(&w, |terminal| {
            terminal.protocol = *protocol;
            terminal.address = (*address).to_owned();
            terminal.rate = *rate;
            terminal.certificate = certificate.map(str::to_owned);
        });
        let command = ShopCommand::Configure { settings: Box::new(settings) };
        match refused {
            None => {
                w.office(command);
            }
            Some(problem) => {
                let expected = Refusal::BadSettings { problem: (*problem).to_owned() };
                assert_eq!(w.office_no(MANAGER, command), expected, "{address} {rate:?}");
            }
        }
    }
}

#[test]
fn settings_of_before_are_read_and_written_as_they_were() {
    let w = World::open();
    let settings = with(&w, |_| {});
    let text = serde_json::to_string(&settings.terminals[0]).unwrap();
    assert!(!text.contains("rate") && !text.contains("certificate"), "{text}");
    assert_eq!(serde_json::from_str::<TerminalSettings>(&text).unwrap(), settings.terminals[0]);
}
