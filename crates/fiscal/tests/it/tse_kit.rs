//! What the tests of signing units share.

use std::path::Path;

use fiscal::de::tse::ReceiptCode;

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
