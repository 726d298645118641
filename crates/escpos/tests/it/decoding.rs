use escpos::{Align, BarcodeKind, DecodedOp, Decoder, Profile, decode};
use proptest::prelude::*;

fn ops(bytes: &[u8]) -> Vec<DecodedOp> {
    decode(bytes, &Profile::generic_80mm())
}

/// The bytes are those that python-escpos, receipt-printer-encoder and the crate escpos write for the same things.
#[test]
fn commands_of_other_programs_are_understood() {
    let qr = [
        &[0x1D, 0x28, 0x6B, 4, 0, 0x31, 0x41, 0x32, 0, 0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x43, 5][..],
        &[
            0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x45, 0x30, 0x1D, 0x28, 0x6B, 6, 0, 0x31, 0x50, 0x30,
            b'a', b'b', b'c',
        ],
        &[0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30],
    ]
    .concat();
    let cases: [(&[u8], Vec<DecodedOp>); 14] = [
        (b"\x1b@", vec![DecodedOp::Init]),
        (b"\x1bt\x10\x80", vec![DecodedOp::Codepage(16), DecodedOp::Text("€".into())]),
        (b"\x1bt\x13\xd5", vec![DecodedOp::Codepage(19), DecodedOp::Text("€".into())]),
        (b"\x1bt\x63\xd5", vec![DecodedOp::Codepage(99), DecodedOp::Text("\u{FFFD}".into())]),
        (b"\x1d!\x11", vec![DecodedOp::Size { width: 2, height: 2 }]),
        (b"\x1ba1", vec![DecodedOp::Align(Align::Center)]),
        (b"\x1bd\x06\x1dV\x00", vec![DecodedOp::Feed(6), DecodedOp::Cut { full: true }]),
        (b"\x1dVA\x01", vec![DecodedOp::Cut { full: true }]),
        (b"\x1bp\x0022", vec![DecodedOp::DrawerPulse { second: false, on_ms: 100 }]),
        (b"\x10\x14\x01\x01\x02", vec![DecodedOp::DrawerPulse { second: true, on_ms: 200 }]),
        (
            b"\x1dw\x02\x1dH\x00\x1dk\x024006381333931\x00x",
            vec![
                DecodedOp::Barcode {
                    kind: BarcodeKind::Ean13,
                    data: "4006381333931".into(),
                    module: 2,
                    with_text: false,
                },
                DecodedOp::Text("x".into()),
            ],
        ),
        (
            b"\x1dk\x49\x06{C\x0c\x22{Bx",
            vec![
                DecodedOp::Barcode {
                    kind: BarcodeKind::Code128,
                    data: "1234".into(),
                    module: 3,
                    with_text: false,
                },
                DecodedOp::Text("x".into()),
            ],
        ),
        (&qr, vec![DecodedOp::Qr { data: "abc".into(), module: 5 }]),
        (
            b"\x10\x04\x01\x1dr\x01\x1d(H\x06\x0000ABCD",
            vec![
                DecodedOp::StatusRequest(1),
                DecodedOp::QueuedStatusRequest(1),
                DecodedOp::ProcessId(*b"ABCD"),
            ],
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(ops(bytes), expected, "{bytes:02X?}");
    }
}

#[test]
fn unknown_commands_are_listed_and_the_text_after_them_is_kept() {
    assert_eq!(
        ops(b"\x1b\x01ab\x07c\x1d(Z\x02\x00xyEnd"),
        [
            DecodedOp::Unknown(vec![0x1B, 1]),
            DecodedOp::Text("ab".into()),
            DecodedOp::Unknown(vec![7]),
            DecodedOp::Text("c".into()),
            DecodedOp::Unknown(b"\x1d(Z\x02\x00xy".to_vec()),
            DecodedOp::Text("End".into()),
        ]
    );
    assert_eq!(
        ops(b"\x1dk\x49\x20{B"),
        [DecodedOp::Unknown(b"\x1dk\x49\x20{B".to_vec())],
        "cut off in mid-command"
    );
}

fn commandlike() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => prop::sample::select(vec![0x1B_u8, 0x1D, 0x10, 0x1C, b'(', b'k', b'v', b'0', b'p', b'V', 0, 1, 4, 0x31]),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..200)
}

/// Joins neighbouring texts: where the stream was cut is no part of its meaning.
fn joined(ops: Vec<DecodedOp>) -> Vec<DecodedOp> {
    let mut out: Vec<DecodedOp> = Vec::new();
    for op in ops {
        match (out.last_mut(), op) {
            (Some(DecodedOp::Text(before)), DecodedOp::Text(text)) => before.push_str(&text),
            (_, op) => out.push(op),
        }
    }
    out
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in any::<Vec<u8>>(), wild in commandlike()) {
        let _ = (ops(&bytes), ops(&wild));
    }

    #[test]
    fn the_meaning_does_not_depend_on_how_the_stream_is_cut(wild in commandlike(), size in 1_usize..9) {
        let profile = Profile::generic_80mm();
        let mut decoder = Decoder::new(&profile);
        let mut cut: Vec<DecodedOp> = wild.chunks(size).flat_map(|chunk| decoder.push(chunk)).collect();
        cut.extend(decoder.finish());
        prop_assert_eq!(joined(cut), joined(decode(&wild, &profile)));
    }
}
