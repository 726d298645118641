//! A terminal that says what the test wrote down.

use std::sync::Mutex;
use std::time::Duration;

use payment::line::Dial;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use crate::kit::locked;

/// A terminal that answers the n-th packet of the till with the n-th of these, and then hangs.
pub(crate) struct Scripted {
    answers: Mutex<Vec<Vec<u8>>>,
    /// Said over and over in the end.
    forever: Option<Vec<u8>>,
}

impl Scripted {
    pub(crate) fn new(answers: Vec<Vec<u8>>, forever: Option<Vec<u8>>) -> Self {
        Self { answers: Mutex::new(answers), forever }
    }
}

impl Dial for Scripted {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        let (till, mut terminal) = duplex(64 * 1024);
        let answers = std::mem::take(&mut *locked(&self.answers));
        let forever = self.forever.clone();
        tokio::spawn(async move {
            let mut decoder = ::zvt::apdu::Decoder::new(4_096);
            let mut buffer = [0; 4_096];
            let mut answers = answers.into_iter();
            while let Ok(count @ 1..) = terminal.read(&mut buffer).await {
                decoder.push(&buffer[..count]);
                while let Ok(Some(_)) = decoder.next_packet() {
                    match answers.next().or(forever.clone()) {
                        Some(answer) if terminal.write_all(&answer).await.is_ok() => {}
                        _ => {
                            tokio::time::sleep(Duration::from_secs(100_000)).await;
                            return;
                        }
                    }
                }
            }
        });
        Ok(till)
    }
}

/// What a terminal answers up to the command for money: registered, no transaction yet, taken.
pub(crate) fn up_to_taken() -> Vec<Vec<u8>> {
    vec![
        vec![0x80, 0, 0, 0x06, 0x0f, 0],
        vec![],
        vec![0x80, 0, 0, 0x06, 0x1e, 1, 0x83],
        vec![],
        vec![0x80, 0, 0],
    ]
}

/// A packet of these bytes.
pub(crate) fn packet(class: u8, instr: u8, data: &[u8]) -> Vec<u8> {
    ::zvt::apdu::Packet::new(class, instr, data.to_vec()).expect("short enough").encode()
}

/// A tag with its content.
pub(crate) fn tlv(tag: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("short");
    assert!(length < 0x80);
    [tag, &[length], content].concat()
}
