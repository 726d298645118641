//! Displays of two lines: golden bytes, and that no text is ever a command.

use escpos::pole::{Dialect, Glass, Pole, sides};
use proptest::prelude::*;

const ALL: [Pole; 8] = {
    let mut all = [Pole { dialect: Dialect::Epson, umlauts: false, behind_printer: false }; 8];
    let mut at = 0;
    while at < 8 {
        all[at] = Pole {
            dialect: if at & 1 == 0 { Dialect::Epson } else { Dialect::Cd5220 },
            umlauts: at & 2 != 0,
            behind_printer: at & 4 != 0,
        };
        at += 1;
    }
    all
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_epson_display_is_written_line_by_line() {
    let pole = ALL[0];
    assert_eq!(hex(&pole.begin()), "1b 40 1f 01 1f 43 00 0c");
    assert_eq!(
        hex(&pole.show(["Brot", "2,50"])),
        "1f 24 01 01 42 72 6f 74 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 \
         1f 24 01 02 32 2c 35 30 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20"
    );
}

#[test]
fn a_cd5220_display_takes_each_line_whole() {
    let pole = ALL[1];
    assert_eq!(hex(&pole.begin()), "1b 40 0c");
    assert_eq!(
        hex(&pole.show(["Brot", "2,50"])),
        "1b 51 41 42 72 6f 74 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 0d \
         1b 51 42 32 2c 35 30 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 0d"
    );
}

#[test]
fn behind_a_printer_the_display_is_chosen_and_the_printer_again_afterwards() {
    let pole = Pole { behind_printer: true, ..ALL[2] };
    let bytes = pole.show(["Käse", ""]);
    assert_eq!(hex(&bytes[..8]), "1b 3d 02 1f 24 01 01 4b");
    assert_eq!(bytes[8], 0x84, "an umlaut of page 858");
    assert_eq!(hex(&bytes[bytes.len() - 3..]), "1b 3d 01");
    assert_eq!(hex(&pole.begin()), "1b 3d 02 1b 40 1f 01 1f 43 00 0c 1b 74 13 1b 3d 01");
}

#[test]
fn what_a_display_lacks_is_written_out() {
    let (plain, umlauts) = (ALL[0], ALL[2]);
    assert_eq!(
        plain.printable("Käse ß Öl 1 € é"),
        "Kaese ss Oel 1 EUR ?".replace('?', &plain.printable("é"))
    );
    assert!(plain.printable("é ø ł 漢 \u{1b}\u{7f}").is_ascii());
    assert_eq!(umlauts.printable("Käse €"), "Käse €");
    assert_eq!(sides(plain, "Bergkäse vom Almhof", "8,62"), "Bergkaese vom A 8,62");
    assert_eq!(sides(plain, "Summe", "12,34"), "Summe          12,34");
    assert_eq!(sides(plain, "x", "123456789012345678901"), "12345678901234567890");
    assert_eq!(sides(plain, "only the left word here", ""), "only the left word h");
}

#[test]
fn what_is_for_the_printer_does_not_stand_on_the_display() {
    let pole = Pole { behind_printer: true, ..ALL[0] };
    let mut glass = Glass::new(Dialect::Epson);
    glass.push(&pole.begin());
    glass.push(b"\x1b@A receipt\n\x1dV\x42\x00");
    glass.push(&pole.show(["Brot", "2,50"]));
    glass.push(b"\x1b@Another\n");
    assert_eq!(glass.lines(), ["Brot                ", "2,50                "]);
}

proptest! {
    #[test]
    fn no_text_is_a_command(upper in ".*", lower in "\\PC*|[\\x00-\\x1f]*", which in 0_usize..8) {
        let pole = ALL[which];
        let bytes = pole.show([&upper, &lower]);
        let frame = if pole.behind_printer { 6 } else { 0 };
        let wanted = frame + 40 + 8;
        prop_assert_eq!(bytes.len(), wanted);
        // Only the encoder's own control bytes are there, and each of the 40 characters is printable.
        let control = bytes.iter().filter(|b| **b < 0x20).count();
        let own = match pole.dialect { Dialect::Epson => 8 , Dialect::Cd5220 => 4 };
        let around = if pole.behind_printer { 4 } else { 0 };
        // ESC = and its number; `1F 24 x y`: the dollar sign is printable.
        let own = if pole.dialect == Dialect::Epson { own - 2 } else { own };
        prop_assert_eq!(control, own + around);
        let mut glass = Glass::new(pole.dialect);
        glass.push(&pole.begin());
        glass.push(&bytes);
        prop_assert_eq!(glass.unknown(), 0);
        let shown = pole.printable(&upper).chars().take(20).collect::<String>();
        let stands = glass.lines();
        prop_assert_eq!(stands[0].trim_end(), shown.trim_end());
    }

    #[test]
    fn a_glass_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for dialect in [Dialect::Epson, Dialect::Cd5220] {
            let mut glass = Glass::new(dialect);
            glass.push(&bytes);
            prop_assert!(glass.lines().iter().all(|line| line.chars().count() == 20));
        }
    }
}
