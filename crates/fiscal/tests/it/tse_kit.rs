//! What the tests of signing units share.

use std::path::Path;

use fiscal::de::tse::software::SecretBytes;
use fiscal::de::tse::tar::{self, ExportFile, Report, Scope};
use fiscal::de::tse::*;
use jiff::Timestamp;

/// The published example 955002-00 (brainpoolP256r1, unixTime), in the repository so that one real code is
/// verified wherever the tests run.
pub(crate) const PUBLISHED: &str = "V0;955002-00;Kassenbeleg-V1;Beleg^0.00_2.55_0.00_0.00_0.00^2.55:Bar;18;112;2019-07-10T18:41:02.000Z;2019-07-10T18:41:04.000Z;ecdsa-plain-SHA256;unixTime;MEQCIAy4P9k+7x9saDO0uRZ4El8QwN+qTgYiv1DIaJIMWRiuAiAt+saFDGjK2Yi5Cxgy7PprXQ5O0seRgx4ltdpW9REvwA==;BHhWOeisRpPBTGQ1W4VUH95TXx2GARf8e2NYZXJoInjtGqnxJ8sZ3CQpYgjI+LYEmW5A37sLWHsyU7nSJUBemyU=";

/// The published codes, where they lie beside the checkout: the first must fail, the others must verify.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn published_codes() -> Option<Vec<String>> {
    let name = "shared/data/tse_qr_vectors.txt";
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let Some(path) = folders.find_map(|folder| Some(folder.join(name)).filter(|p| p.is_file()))
    else {
        println!("skipped: no {name} beside the checkout");
        return None;
    };
    let text = std::fs::read_to_string(path).expect("the vectors are readable");
    Some(text.lines().filter(|line| line.starts_with("V0;")).map(str::to_owned).collect())
}

pub(crate) fn read(code: &str) -> ReceiptCode {
    ReceiptCode::read(code).expect("a code")
}

/// Bytes of hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// 2026-11-26 08:00 UTC and so many milliseconds later.
pub(crate) fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_680_000_000 + milliseconds).expect("a moment")
}

pub(crate) fn setup(curve: Curve, version: Version, time_format: TimeFormat) -> Setup {
    let key = SecretBytes(PrivateKey::bytes_from_seed(curve, &[9; 32]));
    Setup { curve, version, time_format, key, description: "Kasse \"eins\"".to_owned() }
}

pub(crate) const RECEIPT: &str = "Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar";

/// A unit after a short day, the logs that it gave out, and the codes of its receipts.
pub(crate) struct Day {
    pub(crate) unit: SoftwareUnit,
    pub(crate) logs: Vec<ExportFile>,
    pub(crate) codes: Vec<ReceiptCode>,
}

impl Day {
    /// Two tills with so many receipts each, of which every other one was changed meanwhile.
    pub(crate) fn spent(setup: Setup, receipts: i64) -> Self {
        let (unit, first) = SoftwareUnit::new(setup, at(0)).expect("a unit");
        let mut day = Self { unit, logs: vec![first], codes: Vec::new() };
        day.logs.push(day.unit.self_test(at(10)).expect("a test"));
        day.logs.push(day.unit.update_time(at(20)).expect("a time"));
        for till in ["K-1", "Kasse 2"] {
            day.logs.push(day.unit.register_client(till, at(30)).expect("a till"));
        }
        for number in 0..receipts {
            let till = if number % 2 == 0 { "K-1" } else { "Kasse 2" };
            let now = number * 61_234;
            let started = day.unit.start(till, at(now)).expect("a start");
            if number % 2 == 1 {
                let kind = "Kassenbeleg-V1";
                let updated =
                    day.unit.update(till, started.transaction, kind, b"x", at(now + 1_500));
                day.logs.push(updated.expect("an update").log);
            }
            day.finish(till, &started, at(now + 2_345));
            day.logs.push(started.log);
        }
        day.logs.push(day.unit.deregister_client("K-1", at(9_000_000)).expect("a till"));
        day
    }

    pub(crate) fn finish(&mut self, till: &str, started: &Signed, now: Timestamp) {
        let kind = "Kassenbeleg-V1";
        let number = started.transaction;
        let signed = self.unit.finish(till, number, kind, RECEIPT.as_bytes(), now);
        let signed = signed.expect("a finish");
        let info = self.unit.info().expect("it says what it is");
        self.codes.push(ReceiptCode {
            client: till.to_owned(),
            process_type: kind.to_owned(),
            process_data: RECEIPT.to_owned(),
            transaction: number,
            counter: signed.counter,
            start: started.at,
            finish: signed.at,
            algorithm: info.algorithm,
            time_format: info.time_format,
            signature: signed.signature,
            public_key: info.public_key,
        });
        self.logs.push(signed.log);
    }

    /// The export as its files.
    pub(crate) fn files(&self) -> Vec<ExportFile> {
        let mut files = vec![];
        let info = self.unit.info().expect("it says what it is");
        let name = format!("{}_X509.cer", info.serial);
        let text = b"\"description:\",\"x\"\n".to_vec();
        files.push(ExportFile { name: "info.csv".to_owned(), at: at(0), bytes: text });
        files.push(ExportFile { name, at: at(0), bytes: info.certificate });
        files.extend(self.logs.iter().cloned());
        files
    }
}

pub(crate) fn archive(files: impl IntoIterator<Item = ExportFile>) -> Vec<u8> {
    let mut bytes = Vec::new();
    tar::write(&mut bytes, files).expect("memory can be written");
    bytes
}

pub(crate) fn report(files: impl IntoIterator<Item = ExportFile>) -> Report {
    tar::verify(archive(files).as_slice(), Scope::Whole)
}

/// Numbers that are the same everywhere (SplitMix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}
