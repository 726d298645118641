//! Every decoder of signing units on a thousand made-up inputs: known ones with some bytes changed.

use fiscal::de::tse::*;

use crate::tse_kit::{Day, Numbers, PUBLISHED, archive, setup};

fn run(name: &str, seeds: &[Vec<u8>], read: fn(&[u8]) -> bool) {
    let mut numbers = Numbers(1);
    for input in 0..1_000 {
        let mut bytes = seeds[numbers.below(seeds.len())].clone();
        for _ in 0..=numbers.below(5) {
            let at = numbers.below(bytes.len().max(1));
            let byte = numbers.below(256) as u8;
            match numbers.below(6) {
                0 if !bytes.is_empty() => drop(bytes.remove(at)),
                1 => bytes.insert(at.min(bytes.len()), byte),
                2 if !bytes.is_empty() => bytes[at] = [0, 0x80, 0x84, 0xff, b';', b'_'][at % 6],
                3 => bytes.truncate(at),
                4 if !bytes.is_empty() => bytes[at] ^= 1 << (byte % 8),
                _ if !bytes.is_empty() => bytes[at] = byte,
                _ => {}
            }
        }
        assert!(read(&bytes), "{name}, input {input}: {bytes:02x?}");
    }
}

#[test]
fn no_made_up_input_makes_a_decoder_panic_or_say_what_is_not_so() {
    let day = Day::spent(setup(Curve::P256, Version::V2, TimeFormat::UtcTime), 1);
    let newer = Day::spent(setup(Curve::P384, Version::V3, TimeFormat::GeneralizedTime), 1);
    let logs: Vec<Vec<u8>> =
        day.logs.iter().chain(&newer.logs).map(|log| log.bytes.clone()).collect();
    let info = day.unit.info().expect("it says what it is");
    let texts = [
        "Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar_1.00:Unbar:USD",
        "2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r-1;\"x\";0.50",
    ];
    let texts: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    let key = PublicKey::read(&info.public_key).expect("a key");
    run("process data", &texts, fuzz::process_data);
    run("code", &[PUBLISHED.as_bytes().to_vec()], |bytes| {
        fuzz::code(&String::from_utf8_lossy(bytes))
    });
    run("log", &logs, fuzz::log);
    run("key", &[info.public_key.clone(), key.to_spki()], fuzz::key);
    run("certificate", std::slice::from_ref(&info.certificate), fuzz::certificate);
    let parts: Vec<Vec<u8>> = logs.iter().map(|log| [&[3], log.as_slice()].concat()).collect();
    run("archive of parts", &parts, fuzz::archive);
    // One changed byte in info.csv alone would leave an archive clean: nothing signs it.
    let files = day.files().into_iter().skip(1);
    run("archive", &[archive(files)], fuzz::archive);
}
