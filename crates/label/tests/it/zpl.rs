//! The language of label printers: out and in.

use label::zpl::read::{Field, Reader, Told};
use label::zpl::status::{self, Answer, Problem, Status};
use label::zpl::{Dpi, write};
use label::{Bars, LABEL_SIZES, Label, Mark, Size, lay_out};
use proptest::prelude::*;

use crate::{butter, measure, texts};

fn commands(label: &Label, dpi: Dpi, size: Size, copies: u32) -> String {
    write(&lay_out(label, size, dpi.modules(), &measure), dpi, copies)
}

#[test]
fn a_label_is_said_like_this() {
    insta::assert_snapshot!("203", commands(&butter(), Dpi::D203, LABEL_SIZES[0].1, 3));
    let short = Label { code: "96385074".to_owned(), ..butter() };
    insta::assert_snapshot!("300", commands(&short, Dpi::D300, LABEL_SIZES[2].1, 1));
    let own =
        Label { code: "AB>12345678x_^".to_owned(), name: "50^% ~Rabatt_".to_owned(), ..butter() };
    insta::assert_snapshot!("own", commands(&own, Dpi::D203, LABEL_SIZES[2].1, 1));
}

#[test]
fn dots_are_the_nearest() {
    assert_eq!(Dpi::D203.dots(57_000), 456);
    assert_eq!(Dpi::D203.dots(250), 2);
    assert_eq!(Dpi::D300.dots(25_400), 300);
    assert_eq!(Dpi::D300.dots(57_000), 673);
    assert_eq!(
        Dpi::D300.modules().iter().map(|um| Dpi::D300.dots(*um)).collect::<Vec<_>>(),
        [4, 3]
    );
    assert_eq!(
        Dpi::D203.modules().iter().map(|um| Dpi::D203.dots(*um)).collect::<Vec<_>>(),
        [3, 2]
    );
    assert_eq!(
        (Dpi::of(203), Dpi::of(300), Dpi::of(600)),
        (Some(Dpi::D203), Some(Dpi::D300), None)
    );
}

fn printed(zpl: &str) -> label::zpl::read::Printed {
    let told = Reader::default().push(zpl.as_bytes());
    match told.as_slice() {
        [Told::Print(printed)] => printed.clone(),
        other => panic!("{other:?} of {zpl}"),
    }
}

#[test]
fn the_printer_prints_what_was_laid_out_where_it_was() {
    for (dpi, (_, size)) in [Dpi::D203, Dpi::D300, Dpi::D203].into_iter().zip(LABEL_SIZES) {
        let laid = lay_out(&butter(), *size, dpi.modules(), &measure);
        let printed = printed(&write(&laid, dpi, 7));
        assert_eq!((printed.width, printed.copies), (dpi.dots(size.width), 7));
        assert_eq!(printed.height, dpi.dots(size.height));
        assert_eq!(printed.texts(), texts(&laid));
        for (field, mark) in printed.fields.iter().zip(&laid.marks) {
            match (field, mark) {
                (Field::Text { x, y, size, .. }, Mark::Text { x: left, y: base, size: em, .. }) => {
                    assert_eq!((*x, *y, *size), (dpi.dots(*left), dpi.dots(*base), dpi.dots(*em)));
                }
                (
                    Field::Bars { x, module, bars, .. },
                    Mark::Bars { x: left, module: wide, bars: code, .. },
                ) => {
                    assert_eq!((*x, *module), (dpi.dots(*left), dpi.dots(*wide)));
                    assert_eq!(bars, code);
                    // With its quiet zones it is not wider than the label.
                    let (before, after) = code.quiet();
                    let modules = u32::try_from(code.modules().len()).expect("few");
                    assert!(*x >= before * module, "quiet zone");
                    assert!(x + (modules + after) * module <= printed.width);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn bars_read_as_the_code_in_every_set() {
    for code in [
        "4006381333931",
        "96385074",
        "0036000291452",
        "1234",
        "A1",
        "AB123456",
        "x>0>5",
        "^~_ ",
        "12345678901234",
        "AB1234567C",
        "0001",
    ] {
        let label = Label { code: code.to_owned(), ..butter() };
        let printed = printed(&commands(&label, Dpi::D203, LABEL_SIZES[2].1, 1));
        let bars = printed.fields.iter().find_map(|field| match field {
            Field::Bars { bars, .. } => Some(bars.clone()),
            Field::Text { .. } => None,
        });
        assert_eq!(bars, Bars::of(code), "{code}");
    }
}

#[test]
fn what_the_printer_does_not_know_is_said() {
    let unknown = |zpl: &str| {
        let told = Reader::default().push(zpl.as_bytes());
        told.into_iter().filter(|told| matches!(told, Told::Unknown(_))).count()
    };
    assert_eq!(unknown("^XA^PW400^XZ"), 0);
    assert_eq!(unknown("^XA^GB1,2^FS^XZ"), 2);
    assert_eq!(unknown("hello ^XA^XZ"), 1);
    assert_eq!(unknown("^XZ"), 1);
    assert_eq!(unknown("^XA^XA^XZ"), 1);
    assert_eq!(unknown("^XA^CI28^FO1,1^BY2^BEN,40,N,N^FD12345^FS^XZ"), 1);
    assert_eq!(unknown("^XA^CI28^FT1,1^A0N,10,10^FH_^FD_4^FS^XZ"), 1);
    assert_eq!(unknown("^XA^FT1,1^A0N,10,10^FDwithout a set of characters^FS^XZ"), 1);
    assert_eq!(Reader::default().push(b"~HS~HS"), [Told::Status, Told::Status]);
}

#[test]
fn a_printer_says_how_it_is() {
    let said = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";
    assert_eq!(status::read(said), Answer::Status(Status::default()));
    for end in 0..said.len() - 2 {
        assert_eq!(status::read(&said[..end]), Answer::More, "{end}");
    }
    let with = |first: &str, second: &str| {
        let text = format!("\u{2}{first}\u{3}\r\n\u{2}{second}\u{3}\r\n\u{2}1234,0\u{3}\r\n");
        status::read(text.as_bytes())
    };
    let problem = |first: &str, second: &str| match with(first, second) {
        Answer::Status(status) => status.problem(),
        other => panic!("{other:?}"),
    };
    let (fine, well) = ("030,0,0,1245,000,0,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000000,1,000");
    assert_eq!(problem("030,1,0,1245,000,0,0,0,000,0,0,0", well), Some(Problem::PaperOut));
    assert_eq!(problem("030,0,1,1245,000,0,0,0,000,0,0,0", well), Some(Problem::Paused));
    assert_eq!(problem("030,0,0,1245,000,0,0,0,000,0,1,0", well), Some(Problem::Temperature));
    assert_eq!(problem("030,0,0,1245,000,0,0,0,000,0,0,1", well), Some(Problem::Temperature));
    assert_eq!(problem(fine, "000,0,1,0,0,2,4,0,00000000,1,000"), Some(Problem::HeadOpen));
    assert_eq!(problem(fine, "000,0,0,1,0,2,4,0,00000000,1,000"), Some(Problem::RibbonOut));
    assert_eq!(
        problem("030,1,1,1245,000,0,0,0,000,0,0,0", "000,0,1,0,0,2,4,0,00000000,1,000"),
        Some(Problem::HeadOpen)
    );
    let busy = with("030,0,0,1245,002,1,0,0,000,0,0,0", "000,0,0,0,0,2,4,0,00000017,1,000");
    let expected = Status { formats: 2, left: 17, buffer_full: true, ..Status::default() };
    assert_eq!(busy, Answer::Status(expected));
    assert!(!expected.is_done() && Status::default().is_done());
    for wrong in [
        "030,0,0,1245,000,0,0,0,000,0,0",
        "030,2,0,1245,000,0,0,0,000,0,0,0",
        "030,x,0,1245,000,0,0,0,000,0,0,0",
        "030,,0,1245,000,0,0,0,000,0,0,0",
        "",
    ] {
        assert_eq!(with(wrong, well), Answer::Garbage, "{wrong}");
    }
    assert_eq!(status::read(b"HTTP/1.1 400"), Answer::Garbage);
    assert_eq!(status::read(&[2; 1_100]), Answer::Garbage);
    assert_eq!(status::read(b""), Answer::More);
}

proptest! {
    #[test]
    fn a_state_is_read_as_it_was_said(
        flags in prop::collection::vec(any::<bool>(), 7),
        formats in 0..1_000_u32,
        left in 0..100_000_000_u32,
    ) {
        let status = Status {
            paper_out: flags[0],
            ribbon_out: flags[1],
            head_open: flags[2],
            paused: flags[3],
            temperature: flags[4],
            buffer_full: flags[5],
            partial: flags[6],
            formats,
            left,
        };
        prop_assert_eq!(status::read(&status.said()), Answer::Status(status));
    }
}
