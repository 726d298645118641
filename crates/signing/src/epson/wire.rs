//! Frames to and from Epson's device: XML that ends with a zero byte, with JSON in it. One connection, on which one
//! thing is asked at a time.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use serde_json::{Value, json};

use crate::Fault;

/// The device's name unless it has another.
pub const DEVICE: &str = "local_TSE";
/// What takes the device longer than anything else, and how long it is waited for then.
const SLOW: [&str; 8] = [
    "SetUp",
    "RunTSESelfTest",
    "UpdateTime",
    "UpdateTimeForFirst",
    "ArchiveExport",
    "ExportFilteredByPeriodOfTime",
    "ExportFilteredByTransactionNumber",
    "GetExportData",
];
/// See [`SLOW`].
const SLOWLY: Duration = Duration::from_secs(60);
/// Longest frame that is read, bytes: a piece of an export.
const LONGEST: usize = 64 * 1024 * 1024;

const BAD: Fault = Fault::Unusable("bad_answer");
const SILENT: Fault = Fault::Unusable("no_answer");

/// What stands in the first element of that name.
pub(crate) fn field(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(unescape(text))
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unescape(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&apos;", "'");
    // The ampersand last: what it stood before is no entity.
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Reads up to the next zero byte; none at the end.
pub(crate) fn frame(from: &mut TcpStream, rest: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    let mut looked = 0;
    loop {
        let tail = rest.get(looked..).unwrap_or_default();
        if let Some(end) = tail.iter().position(|byte| *byte == 0) {
            let end = looked.saturating_add(end);
            let mut whole: Vec<u8> = rest.drain(..=end).collect();
            whole.pop();
            let text = String::from_utf8(whole);
            return text.map(Some).map_err(|_| ErrorKind::InvalidData.into());
        }
        looked = rest.len();
        if looked > LONGEST {
            return Err(ErrorKind::InvalidData.into());
        }
        let mut piece = [0; 16 * 1024];
        match from.read(&mut piece)? {
            0 => return Ok(None),
            read => rest.extend_from_slice(piece.get(..read).unwrap_or_default()),
        }
    }
}

/// A connection on which the device is open.
pub(super) struct Line {
    stream: TcpStream,
    rest: Vec<u8>,
    device: String,
    patience: Duration,
    /// Who is logged in on it.
    pub(super) users: Vec<String>,
}

/// An answer: the result's name, and what came out.
pub(super) struct Answer {
    pub(super) result: String,
    pub(super) output: Value,
}

impl Line {
    /// Connects, waits to be greeted, and opens the device.
    pub(super) fn open(address: &str, device: &str, patience: Duration) -> Result<Self, Fault> {
        const AWAY: Fault = Fault::Unusable("unreachable");
        let mut known = address.to_socket_addrs().map_err(|_| AWAY)?;
        let stream = known.find_map(|at| TcpStream::connect_timeout(&at, patience).ok());
        let stream = stream.ok_or(AWAY)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        let device = escape(device);
        let users = Vec::new();
        let mut line = Self { stream, rest: Vec::new(), device, patience, users };
        line.hear()?;
        let device = &line.device;
        let open = format!(
            "<open_device><device_id>{device}</device_id><data><type>type_storage</type></data></open_device>"
        );
        line.say(&open)?;
        let answer = line.hear()?;
        match field(&answer, "code").as_deref() {
            Some("OK") => Ok(line),
            Some(code) => Err(fault(code)),
            None => Err(BAD),
        }
    }

    fn say(&mut self, text: &str) -> Result<(), Fault> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.push(0);
        self.stream.write_all(&bytes).map_err(|_| SILENT)
    }

    fn hear(&mut self) -> Result<String, Fault> {
        match frame(&mut self.stream, &mut self.rest) {
            Ok(Some(text)) => Ok(text),
            Err(error) if error.kind() == ErrorKind::InvalidData => Err(BAD),
            Ok(None) | Err(_) => Err(SILENT),
        }
    }

    /// Asks, and waits for the answer to this. Answers to something else, and signatures that are not newer than
    /// `counter`, are those of before that come again.
    pub(super) fn ask(
        &mut self,
        storage: (&str, &str),
        (function, input): (&str, &Value),
        counter: u64,
    ) -> Result<Answer, Fault> {
        let request = json!({
            "storage": { "type": storage.0, "vendor": storage.1 },
            "function": function,
            "compress": { "required": false, "type": "" },
            "input": input,
        });
        let patience =
            if SLOW.contains(&function) { self.patience.max(SLOWLY) } else { self.patience };
        self.stream.set_read_timeout(Some(patience))?;
        let text = format!(
            "<device_data><device_id>{}</device_id><data><type>operate</type><timeout>{}</timeout><requestdata>{}</requestdata></data></device_data>",
            self.device,
            patience.as_millis(),
            escape(&request.to_string())
        );
        self.say(&text)?;
        let mut old = false;
        loop {
            let heard = match self.hear() {
                Err(Fault::Unusable("no_answer")) if old => {
                    return Err(Fault::Unusable("wrong_counter"));
                }
                heard => heard?,
            };
            let Some(data) = field(&heard, "resultdata").filter(|data| !data.is_empty()) else {
                let code = field(&heard, "code").ok_or(BAD)?;
                return Err(fault(&code));
            };
            let mut answer: Value = serde_json::from_str(&data).map_err(|_| BAD)?;
            let named = answer.get("function").and_then(Value::as_str);
            if named.is_some_and(|named| named != function) {
                continue;
            }
            let output = answer.get_mut("output").map(Value::take).unwrap_or_default();
            let new = output.get("signatureCounter").and_then(Value::as_u64);
            if new.is_some_and(|new| new <= counter) {
                old = true;
                continue;
            }
            let result = answer.get("result").and_then(Value::as_str).ok_or(BAD)?.to_owned();
            return Ok(Answer { result, output });
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let close = format!("<close_device><device_id>{}</device_id></close_device>", self.device);
        // Whoever is there may be gone.
        let _said = self.say(&close);
    }
}

/// What the device's names for faults come to.
pub(super) fn fault(name: &str) -> Fault {
    let name = name.strip_prefix("TSE1_ERROR_").unwrap_or(name);
    let name = name.strip_prefix("OTHER_ERROR_").unwrap_or(name);
    match name {
        "TRANSACTION_NOT_STARTED" | "NO_TRANSACTION_IN_PROGRESS" => Fault::NoTransaction,
        "CLIENT_NOT_REGISTERED" | "MAX_REGISTERED_CLIENTS_REACHED" => Fault::Refused("client"),
        "MAX_PARALLEL_TRANSACTIONS" => Fault::Unusable("too_many_open"),
        "STORE_FULL" | "STORE_FULL_INTERNAL" | "TRANSACTION_SIGNATURES_EXCEEDED" => {
            Fault::Unusable("storage_full")
        }
        "CERTIFICATE_EXPIRED" => Fault::Unusable("certificate_expired"),
        "TSE_DECOMMISSIONED" => Fault::Unusable("disabled"),
        "TSE_NOT_INITIALIZED" | "WRONG_STATE_NEEDS_PUK_CHANGE" | "WRONG_STATE_NEEDS_PIN_CHANGE" => {
            Fault::Unusable("not_set_up")
        }
        "WRONG_STATE_NEEDS_SELF_TEST"
        | "WRONG_STATE_NEEDS_SELF_TEST_PASSED"
        | "SELF_TEST_FAILED_FW"
        | "SELF_TEST_FAILED_CSP"
        | "SELF_TEST_FAILED_RNG" => Fault::Unusable("self_test"),
        "NO_TIME_SET" | "NO_TIME_SET_BEFORE_EXPORT" => Fault::Unusable("wrong_time"),
        "AUTHENTICATION_FAILED"
        | "AUTHENTICATION_PIN_BLOCKED"
        | "NOT_AUTHORIZED"
        | "HOST_AUTHENTICATION_FAILED"
        | "UNAUTHENTICATED_HOST"
        | "INVALID_ADMIN_USER_ID" => Fault::Unusable("credentials"),
        "UNAUTHENTICATED_TIME_ADMIN_USER"
        | "UNAUTHENTICATED_ADMIN_USER"
        | "UNAUTHENTICATED_USER"
        | "AUTHENTICATION_USER_NOT_LOGGED_IN" => Fault::Unusable("logged_out"),
        "DEVICE_IN_USE" | "CURRENTLY_EXPORTING" | "NOT_ALLOWED_EXPORT_IN_PROGRES" => {
            Fault::Unusable("busy")
        }
        "DEVICE_NOT_FOUND" | "NO_TSE" | "NO_STORAGE_FOUND" | "IO" => Fault::Unusable("unreachable"),
        "EXPORT_NO_DATA_AVAILABLE" => Fault::Refused("no_data"),
        _ if name.starts_with("JSON_ERROR") || name.contains("PARAM") => Fault::Refused("request"),
        _ => Fault::Unusable("fault"),
    }
}
