//! The fuzz targets on a thousand seeded inputs each, ordinary packets with a few bytes changed among them.

use zvt::command::Command;
use zvt::fuzz;

use crate::given::*;

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// Random bytes, or a real packet with some of its bytes changed.
    fn input(&mut self) -> Vec<u8> {
        let real = [
            "04 0F 18 27 00 04 00 00 00 00 20 40 49 09 78 87 04 71 0B 00 09 75 29 52 52 35 35",
            "04 FF 19 17 03 06 15 24 0D 07 0B 30 30 20 41 70 70 72 6F 76 65 64 1F 73 03 00 00 08",
            "06 0F 12 19 10 29 65 00 00 28 49 09 78 06 06 26 04 0A 02 06 D3",
            "06 D3 0B 06 09 1F 07 01 02 25 03 07 01 41",
            "06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3",
            "10 02 80 00 00 10 03 F5 1F",
        ];
        let mut bytes = match self.below(8) {
            kind @ 0..=5 => hex(real[kind]),
            _ => {
                let length = self.below(300);
                (0..length).map(|_| self.next().to_le_bytes()[0]).collect()
            }
        };
        for _ in 0..self.below(4) {
            if !bytes.is_empty() {
                let at = self.below(bytes.len());
                bytes[at] = self.next().to_le_bytes()[0];
            }
        }
        bytes
    }
}

fn thousand(mut target: impl FnMut(&[u8])) {
    for seed in 0..1_000 {
        target(&Seeded(seed).input());
    }
}

#[test]
fn a_thousand_streams_are_read() {
    thousand(fuzz::stream);
    thousand(fuzz::serial_line);
}

#[test]
fn a_thousand_packets_of_every_kind_are_read() {
    thousand(fuzz::data);
}

#[test]
fn a_thousand_sessions_come_to_at_most_one_ending() {
    let mut ended = 0;
    for command in
        [pay(100), reversal(receipt(1)), Command::EndOfDay { password: password(), tlv: None }]
    {
        thousand(|bytes| {
            let endings = fuzz::session(command.clone(), bytes);
            assert!(endings <= 1, "{endings} endings");
            ended += endings;
        });
    }
    assert!(ended > 1_000, "the inputs reach endings: {ended}");
}

#[test]
fn a_thousand_terminals_stay_upright() {
    thousand(|bytes| fuzz::terminal(settings(), bytes));
}
