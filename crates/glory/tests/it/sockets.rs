//! WebSockets and packets.

use glory::engine::{Packet, decode, encode as packet};
use glory::websocket::{Frame, Reader, agreed, encode, head, hello, proof};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn the_handshake_is_that_of_rfc_6455() {
    assert_eq!(proof("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    let key = *b"the sample nonce";
    let said = hello("10.0.0.5:3000", "/x", key);
    assert!(said.contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "{said}");
    let answer = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nrest";
    let (text, length) = head(answer.as_bytes()).unwrap().unwrap();
    assert!(agreed(&text, key));
    assert_eq!(&answer[length..], "rest");
    assert!(!agreed(&text, [0; 16]));
    assert!(!agreed("HTTP/1.1 200 OK", key));
    assert_eq!(head(b"HTTP/1.1 101"), Ok(None));
    assert!(head(&[b'x'; 9_000]).is_err());
}

#[test]
fn frames_are_those_of_rfc_6455() {
    let hello = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    let masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    let text = Frame::Text("Hello".to_owned());
    assert_eq!(encode(&text, None), hello);
    assert_eq!(encode(&text, Some([0x37, 0xfa, 0x21, 0x3d])), masked);
    assert_eq!(Reader::default().push(&hello), Ok(vec![text.clone()]));
    assert_eq!(Reader::default().push(&masked), Ok(vec![text.clone()]));
    // In pieces, a ping in between.
    let pieces = [0x01, 0x03, 0x48, 0x65, 0x6c, 0x89, 0x00, 0x80, 0x02, 0x6c, 0x6f];
    assert_eq!(Reader::default().push(&pieces), Ok(vec![Frame::Ping(Vec::new()), text]));
    assert!(Reader::default().push(&[0x80, 0x00]).is_err(), "goes on with nothing");
    assert!(Reader::default().push(&[0x82, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0]).is_err(), "too long");
}

#[test]
fn packets_are_those_of_socket_io() {
    assert_eq!(
        decode("0{\"sid\":\"x\",\"pingInterval\":20000}"),
        Packet::Open { ping_interval: 20_000 }
    );
    assert_eq!(decode("40"), Packet::Connect);
    assert_eq!(decode("2"), Packet::Ping);
    let event = Packet::Event("login response".to_owned(), vec![json!({"ret": 0})]);
    assert_eq!(decode("42[\"login response\",{\"ret\":0}]"), event);
    assert_eq!(packet(&event), "42[\"login response\",{\"ret\":0}]");
    for nothing in ["", "9", "42", "42{}", "42[]", "42[1]", "4", "ü"] {
        assert_eq!(decode(nothing), Packet::Other, "{nothing}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..70_000), mask: Option<[u8; 4]>, cut in 0_usize..70_000) {
        let frame = Frame::Binary(bytes);
        let wire = encode(&frame, mask);
        let mut reader = Reader::default();
        let (first, second) = wire.split_at(cut.min(wire.len()));
        let mut read = reader.push(first).unwrap();
        read.extend(reader.push(second).unwrap());
        prop_assert_eq!(read, vec![frame]);
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        glory::fuzz::bytes(&bytes);
        prop_assert!(glory::fuzz::session(&bytes) <= 1);
    }
}
