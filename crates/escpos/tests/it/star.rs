//! Star's language, held against the bytes of an independent generator and read back.

use escpos::{Align, BarcodeKind, Cut, DecodedOp, Op, Profile, Raster, StarDecoder, encode};
use proptest::prelude::*;

fn star() -> Profile {
    Profile::named("star-80mm").expect("a profile")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn body(ops: &[Op]) -> String {
    let bytes = hex(&encode(ops, &star()));
    bytes.strip_prefix("1b401b1d7404").expect("reset and codepage").to_owned()
}

/// The right side is what `@point-of-sale/receipt-printer-encoder` 4.0.1 makes of the same (`star-line`), but for what it does otherwise
/// on purpose: it centres with spaces, ends bar codes with a further line, and leaves Code 128's start code to the printer.
#[test]
fn the_bytes_are_those_of_an_independent_generator() {
    assert_eq!(body(&[Op::Text("4,10 €".into())]), "342c313020d5");
    assert_eq!(
        body(&[Op::Bold(true), Op::Text("x".into()), Op::Bold(false), Op::Text("y".into())]),
        "1b45781b4679"
    );
    let big = Op::Size { width: 2, height: 2 };
    assert_eq!(
        body(&[big, Op::Text("x".into()), Op::Size { width: 1, height: 1 }]),
        "1b690101781b690000"
    );
    assert_eq!(
        body(&[Op::Qr { data: "https://x.example/1".into(), module: 6 }]),
        "1b1d795330021b1d795331011b1d795332061b1d79443100130068747470733a2f2f782e6578616d706c652f311b1d7950"
    );
    assert_eq!(
        body(&[Op::Ean13("4006381333931".into())]),
        "1b6203020150343030363338313333333933311e"
    );
    assert_eq!(body(&[Op::Code128("R1-4812%".into())]), "1b6206020250253752312d3438313225301e");
    assert_eq!(body(&[Op::Cut]), "1b6403");
    let full = Profile { cut: Cut::Full, ..star() };
    assert!(hex(&encode(&[Op::Cut], &full)).ends_with("1b6402"));
    assert_eq!(body(&[Op::DrawerPulse { second: false }]), "1b07141407");
    assert_eq!(body(&[Op::DrawerPulse { second: true }]), "1b0714141a");
    assert_eq!(body(&[Op::Align(Align::Center)]), "1b1d6101");
}

fn read(bytes: &[u8]) -> Vec<DecodedOp> {
    let mut decoder = StarDecoder::new(&star());
    let mut ops = decoder.push(bytes);
    ops.extend(decoder.finish());
    ops
}

#[test]
fn a_job_is_read_back() {
    let picture = Raster { row_bytes: 2, data: vec![0x10, 0x04, 0x1B, 0x07] };
    let ops = [
        Op::Align(Align::Center),
        Op::Text("Grüße".into()),
        Op::LineEnd,
        Op::Code128("R1-%".into()),
        Op::Qr { data: "V0;Ä".into(), module: 4 },
        Op::Raster(picture.clone()),
        Op::DrawerPulse { second: false },
        Op::Cut,
    ];
    assert_eq!(
        read(&encode(&ops, &star())),
        vec![
            DecodedOp::Init,
            DecodedOp::Codepage(4),
            DecodedOp::Align(Align::Center),
            DecodedOp::Text("Grüße".into()),
            DecodedOp::LineEnd,
            DecodedOp::Barcode {
                kind: BarcodeKind::Code128,
                data: "R1-%".into(),
                module: 3,
                with_text: true
            },
            DecodedOp::Qr { data: "V0;Ä".into(), module: 4 },
            DecodedOp::Raster(picture),
            DecodedOp::DrawerPulse { second: false, on_ms: 200 },
            DecodedOp::Cut { full: false },
        ]
    );
}

proptest! {
    #[test]
    fn any_text_is_read_back_as_itself_and_nothing_else(text in any::<String>()) {
        let printed = star().codepage.printable(&text);
        let mut expected = vec![DecodedOp::Init, DecodedOp::Codepage(4)];
        if !printed.is_empty() {
            expected.push(DecodedOp::Text(printed));
        }
        expected.push(DecodedOp::LineEnd);
        prop_assert_eq!(read(&encode(&[Op::Text(text), Op::LineEnd], &star())), expected);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes);
    }

    #[test]
    fn pieces_mean_what_the_whole_means(at in 0_usize..60) {
        let ops = [Op::Text("ab".into()), Op::Bold(true), Op::Qr { data: "code".into(), module: 3 }, Op::Cut];
        let bytes = encode(&ops, &star());
        let (first, second) = bytes.split_at(at.min(bytes.len()));
        let mut decoder = StarDecoder::new(&star());
        let texts = |ops: Vec<DecodedOp>| ops.into_iter().filter(|op| !matches!(op, DecodedOp::Text(_))).collect::<Vec<_>>();
        let mut pieces = texts(decoder.push(first));
        pieces.extend(texts(decoder.push(second)));
        prop_assert_eq!(pieces, texts(read(&bytes)));
    }
}
