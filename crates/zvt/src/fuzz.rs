//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that
//! it returns; what else holds, it returns for the tests to look at.

use crate::apdu::{Decoder, Packet};
use crate::bmp::Fields;
use crate::command::Command;
use crate::known::Known;
use crate::message::{Context, Message};
use crate::serial::{FrameDecoder, encode_frame};
use crate::serial_link::{SerialLink, SerialOutput, SerialTimer};
use crate::session::{Output, Session, Timer};
use crate::terminal::{Customer, Settings, Terminal, TerminalTimer};
use crate::text::Charset;
use crate::tlv;

/// Bytes as a stream over TCP: whatever comes out of the decoder is read in every way.
pub fn stream(bytes: &[u8]) {
    let mut decoder = Decoder::new(4_096);
    decoder.push(bytes);
    while let Ok(Some(packet)) = decoder.next_packet() {
        read(&packet);
    }
    let _ = decoder.finish();
}

/// Bytes as a serial line.
pub fn serial_line(bytes: &[u8]) {
    for event in FrameDecoder::default().push(bytes) {
        if let crate::serial::Event::Packet(packet) = event {
            read(&packet);
        }
    }
}

/// Bytes as what happens to one end of a serial line: each says what comes next. Says how often the line
/// failed: once at most.
pub fn serial_link(bytes: &[u8]) -> usize {
    let mut link = SerialLink::default();
    let mut failed: usize = 0;
    let mut rest = bytes;
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let outputs = match kind % 8 {
            0 => link.on_timeout(SerialTimer::T1),
            1 => link.on_timeout(SerialTimer::T2),
            2 => link.send(Packet::bare(0x80, 0x00)),
            3 => link.send(Packet::bare(0x05, 0x01)),
            4 => {
                let (packet, after) = some_packet(kind >> 3, rest);
                rest = after;
                link.on_bytes(&encode_frame(&packet))
            }
            _ => {
                let length = usize::from(kind >> 3);
                let (some, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                rest = after;
                link.on_bytes(some)
            }
        };
        let ends = outputs.iter().filter(|output| matches!(output, SerialOutput::Failed(_)));
        failed = failed.saturating_add(ends.count());
    }
    failed
}

/// Bytes as the data of every packet there is.
pub fn data(bytes: &[u8]) {
    let _ = (tlv::decode(bytes), Fields::new(bytes).count());
    for (class, instr) in [
        (0x04, 0x0f),
        (0x04, 0xff),
        (0x05, 0x01),
        (0x06, 0x00),
        (0x06, 0x01),
        (0x06, 0x0f),
        (0x06, 0x1e),
        (0x06, 0x23),
        (0x06, 0x30),
        (0x06, 0xd1),
        (0x06, 0xd3),
        (0x80, 0x00),
        (0x84, 0x1e),
    ] {
        if let Ok(packet) = Packet::new(class, instr, bytes.to_vec()) {
            read(&packet);
        }
    }
}

fn read(packet: &Packet) {
    for status_enquiry in [false, true] {
        for charset in [Charset::Cp437, Charset::Utf8, Charset::Zvt7, Charset::Iso8859(15)] {
            let context = Context { status_enquiry, charset };
            let _ = Message::decode(packet, context).encode(context);
        }
    }
    if let Ok(command) = Command::decode(packet) {
        let _ = command.encode();
    }
}

/// Bytes as what happens to a session: each says which kind of input comes next. Says how many endings
/// came: never more than one.
pub fn session(command: Command, bytes: &[u8]) -> usize {
    let mut endings: usize = 0;
    let Ok((mut session, _)) = Session::begin(command, Known::default(), Charset::Cp437) else {
        return endings;
    };
    let mut rest = bytes;
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let outputs = match kind % 16 {
            0 => session.on_timeout(Timer::T3),
            1 => session.on_timeout(Timer::T4),
            2 => session.on_timeout(Timer::Abort),
            3 => session.on_closed(),
            4 => session.on_garbage(),
            5 => session.abort(),
            6 => session.reject_not_stored(),
            7 | 8 => session.acknowledge_stored(),
            kind => {
                let (packet, after) = some_packet(kind, rest);
                rest = after;
                session.on_packet(&packet)
            }
        };
        let done = outputs.iter().filter(|output| matches!(output, Output::Done(_)));
        endings = endings.saturating_add(done.count());
    }
    endings
}

/// Bytes as what happens to a terminal.
pub fn terminal(settings: Settings, bytes: &[u8]) {
    let mut terminal = Terminal::new(settings);
    let _ = terminal.on_connected();
    let mut rest = bytes;
    while let Some((kind, after)) = rest.split_first() {
        rest = after;
        let _ = match kind % 16 {
            0 => terminal.on_timer(TerminalTimer::Answer),
            1 => terminal.on_timer(TerminalTimer::Host),
            2 => terminal.on_timer(TerminalTimer::Customer),
            3 => terminal.on_timer(TerminalTimer::Reversal),
            4 => terminal.on_closed(),
            5 => terminal.on_connected(),
            6 => terminal.customer(Customer::Tap),
            7 => terminal.customer(Customer::WrongPin),
            kind => {
                let (packet, after) = some_packet(kind, rest);
                rest = after;
                terminal.on_packet(&packet)
            }
        };
    }
}

/// A packet that is likely to be understood: of a known kind, with the next bytes as its data.
fn some_packet(kind: u8, bytes: &[u8]) -> (Packet, &[u8]) {
    let (class, instr) = match kind {
        8 => (0x84, 0x00),
        9 | 10 => (0x80, 0x00),
        11 => (0x04, 0x0f),
        12 => (0x06, 0x0f),
        13 => (0x06, 0x1e),
        14 => (0x06, 0x01),
        _ => (0x04, 0xff),
    };
    let length = bytes.first().map_or(0, |byte| usize::from(byte % 24));
    let (data, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    (Packet::new(class, instr, data.to_vec()).unwrap_or(Packet::bare(class, instr)), rest)
}
