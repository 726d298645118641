//! What inputs are made from: packets as terminals and tills write them, scans, messages; and the published
//! vectors where they lie beside the checkout.

use std::path::Path;

use fiscal::de::tse::software::SecretBytes;
use fiscal::de::tse::{
    Curve, PrivateKey, ReceiptCode, Setup, SoftwareUnit, TimeFormat, UnitFault, Version,
};
use jiff::Timestamp;
use serde_json::Value;

/// Packets of ZVT, bare and framed, in hexadecimal digits.
const PACKETS: [&str; 18] = [
    "040F1827000400000000204049097887047 10B00097529525235 35",
    "04FF19170306152 40D070B303020417070726F766564 1F7303000008",
    "060F1219102965000028490978060626040A0206D3",
    "06D30B06091F070102250307 0141",
    "06001012345 6BE09780301060626040A0206D3",
    "1002800000 1003F51F",
    "060F0BF0F0F7322E31342E313500",
    "0601070400000000123 4",
    "062203870001",
    "06230387FFFF",
    "061E0AB887000106042302080 1",
    "0630 0C123456870001040000000012 34",
    "062005123456 0303",
    "84 1E 03 6F 0978",
    "800000",
    "05010612345603 04",
    "040F3C2700040000000010 0022F0F8555500EEEEEE807460353C F0F0F4746578748A0688 000201",
    "06 50 03 12 34 56",
];

/// What scanners, people and messages write.
const TEXTS: [&str; 27] = [
    "-_v7-_v7-_v7-_v7-_v7-w",
    "180",
    "TRB1 nonce nonce sealed sealed sealed sealed sealed sealed",
    "TRS1\u{0}\u{0}\u{0}\u{0}gggg-owner--TRB1 nonce",
    "4006381333931",
    "96385074",
    "2112345001999",
    "(01)09501101530003(17)140704(10)AB-123",
    "010950110153000317140704\u{1d}10AB-123",
    "https://id.gs1.org/01/09501101530003/10/ABC?17=261231",
    "4194025008408+02",
    "]C10109501101530003",
    "4111 1111 1111 1111",
    "zvt1 tid=52523535 last receipt=12 trace=501 turnover=33",
    "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89",
    r#"{"SaleToPOIRequest":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service","MessageCategory":"Payment","MessageType":"Request","SaleID":"Tresen","ServiceID":"K7M2Q9","POIID":"P400Plus-275039202"},"PaymentRequest":{"SaleData":{"SaleTransactionID":{"TransactionID":"a","TimeStamp":"2026-11-25T13:30:00Z"}},"PaymentTransaction":{"AmountsReq":{"Currency":"EUR","RequestedAmount":10.99}}}}}"#,
    r#"{"SaleToPOIResponse":{"MessageHeader":{"ProtocolVersion":"3.0","MessageClass":"Service","MessageCategory":"Payment","MessageType":"Response","SaleID":"Tresen","ServiceID":"K7M2Q9","POIID":"P400Plus-275039202"},"PaymentResponse":{"Response":{"Result":"Failure","ErrorCondition":"Refusal","AdditionalResponse":"message=x"},"POIData":{"POITransactionID":{"TransactionID":"t","TimeStamp":"2026-11-25T13:30:00Z"}}}}}"#,
    "******4771",
    r#"{"id":"t-1","transaction_code":"TAAA","amount":10.99,"currency":"EUR","status":"SUCCESSFUL","foreign_transaction_id":"f","client_transaction_id":"c","card":{"last_4_digits":"4771","type":"VISA"},"entry_mode":"chip","merchant_code":"MH4H92C7"}"#,
    r#"{"data":{"battery_level":10.5,"status":"ONLINE","state":"IDLE","client_transaction_id":"c"}}"#,
    "Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar_1.00:Unbar:USD",
    "2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r-1;\"x\";0.50",
    "Buchungstag;Verwendungszweck;Betrag;W\u{e4}hrung\r\n26.11.26;TR0123456789AB;12,34;EUR\r\n",
    "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><Amt Ccy=\"EUR\">12.34</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-26</Dt></BookgDt><AcctSvcrRef>1</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>TR0123456789AB</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
    "Z_KASSE_ID;Z_ERSTELLUNG;Z_NR;UST_SCHLUESSEL;UST_SATZ;UST_BESCHR\r\nKasse 1;2026-11-23T08:46:36+01:00;41;1;19,00;\"a;\"\"b\"\"\"\r\n",
    "\u{10}\u{0}\u{7f}\u{1}1;2026-11-26T17:30:00+01:00;3;1-7;1;1;2,38000;2,00000;0,38000\r\n",
    "_R1-AT0_K-1_17_2026-11-26T08:00:00_12,34_0,00_0,00_0,00_0,00_AbCdEfGhIjk=_20f2ed172daa09e5_AAAAAAAAAAA=",
];

/// Conversations, as `payment::fuzz::conversation` reads them: connected, answers, stored.
const CONVERSATIONS: [&[u8]; 3] = [
    &[5, 8, 9, 8, 13, 2, 8, 10, 2, 9],
    &[5, 8, 9, 8, 13, 2, 8, 14, 8, 11, 9],
    &[5, 8, 9, 8, 10, 9, 2, 8, 10, 3, 11, 12],
];

/// What inputs are made from.
#[derive(Debug)]
pub struct Seeds(Vec<Vec<u8>>);

impl Seeds {
    /// The known ones, and with them those that lie beside the checkout.
    pub fn known() -> Self {
        let mut all: Vec<Vec<u8>> = PACKETS.iter().map(|text| bytes(text)).collect();
        all.extend(TEXTS.iter().map(|text| text.as_bytes().to_vec()));
        all.extend(CONVERSATIONS.iter().map(|bytes| bytes.to_vec()));
        all.extend(signed().unwrap_or_default());
        all.extend(published());
        all.retain(|seed| !seed.is_empty());
        Self(all)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn one(&self, number: u64) -> &[u8] {
        let count = u64::try_from(self.0.len()).unwrap_or(1).max(1);
        let at = usize::try_from(number % count).unwrap_or_default();
        self.0.get(at).map_or(&[], Vec::as_slice)
    }
}

/// What the software unit writes: its logs, its key, its certificate, the code of a receipt; in both versions.
fn signed() -> Result<Vec<Vec<u8>>, UnitFault> {
    let mut all = Vec::new();
    let now = Timestamp::UNIX_EPOCH;
    for (curve, version) in [(Curve::P256, Version::V2), (Curve::BrainpoolP256r1, Version::V3)] {
        let key = SecretBytes(PrivateKey::bytes_from_seed(curve, &[1; 32]));
        let time_format = TimeFormat::GeneralizedTime;
        let setup = Setup { curve, version, time_format, key, description: String::new() };
        let (mut unit, begun) = SoftwareUnit::new(setup, now)?;
        let registered = unit.register_client("K", now)?;
        let started = unit.start("K", now)?;
        let (kind, data) = ("Kassenbeleg-V1", "Beleg^7.05_0.00_0.00_0.00_0.00^7.05:Bar");
        let finished = unit.finish("K", started.transaction, kind, data.as_bytes(), now)?;
        let info = unit.info()?;
        let code = ReceiptCode {
            client: "K".to_owned(),
            process_type: kind.to_owned(),
            process_data: data.to_owned(),
            transaction: finished.transaction,
            counter: finished.counter,
            start: started.at,
            finish: finished.at,
            algorithm: info.algorithm,
            time_format,
            signature: finished.signature,
            public_key: info.public_key.clone(),
        };
        all.push(code.to_string().into_bytes());
        all.extend([begun, registered, started.log, finished.log].map(|log| log.bytes));
        all.extend([info.public_key, info.certificate]);
    }
    Ok(all)
}

/// Every text of the published vectors that is written in hexadecimal digits, as bytes; other long ones as
/// they are.
fn published() -> Vec<Vec<u8>> {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let file = folders.map(|folder| folder.join("shared/data/payment_vectors.json"));
    let text = file.filter_map(|path| std::fs::read_to_string(path).ok()).next();
    let value = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let mut found = Vec::new();
    gather(&value.unwrap_or_default(), &mut found);
    found
}

fn gather(value: &Value, into: &mut Vec<Vec<u8>>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| gather(one, into)),
        Value::Object(all) => all.values().for_each(|one| gather(one, into)),
        Value::String(text) => match bytes(text) {
            packet if packet.len() >= 3 => into.push(packet),
            _ if text.starts_with('{') => into.push(text.as_bytes().to_vec()),
            _ => {}
        },
        _ => {}
    }
}

/// Hexadecimal digits, with blanks between them; nothing when there is anything else.
fn bytes(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let pairs = digits.unwrap_or_default();
    pairs.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
