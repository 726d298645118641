//! Epson's device on this machine. It serves one connection after the other, as the real one lets one alone hold it.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::NOT_CERTIFIED;
use fiscal::de::tse::log::Operation;
use fiscal::de::tse::tar::{self, ExportFile};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Clock, Core, Deed, Trouble};
use crate::epson::{ADMIN, DEVICE, Secret, Setup as Way, escape, field, frame, hash};
use crate::{Fault, Unit as _};

/// How much of an export is in one piece, bytes.
const PIECE: usize = 8 * 1024;

/// What the simulated unit shall be.
pub struct Setup {
    /// Its address; loopback.
    pub listen: SocketAddr,
    /// The software unit's file.
    pub memory: PathBuf,
    /// Random bytes, for its key.
    pub seed: [u8; 32],
    /// Its clock.
    pub clock: Clock,
    /// What it takes to log in; of one that is new, the shared key alone.
    pub secret: Secret,
    /// It comes out of its box: nobody has set it up.
    pub new: bool,
}

struct Device {
    core: Core,
    secret: Mutex<Secret>,
    initialised: AtomicBool,
    has_time: AtomicBool,
    over: AtomicBool,
    /// The connection that is served.
    served: Mutex<Option<TcpStream>>,
}

/// The unit, until it is dropped.
pub struct Simulator {
    address: SocketAddr,
    device: Arc<Device>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Errors
    /// When its file or its address cannot be had.
    pub fn start(setup: Setup) -> Result<Self, Fault> {
        if !setup.listen.ip().is_loopback() {
            return Err(Fault::Refused("address"));
        }
        let core = Core::open(&setup.memory, &setup.seed, "Epson simulator", setup.clock)?;
        let (over, served) = (AtomicBool::new(false), Mutex::default());
        let device = Arc::new(Device {
            core,
            secret: Mutex::new(setup.secret),
            initialised: AtomicBool::new(!setup.new),
            has_time: AtomicBool::new(!setup.new),
            over,
            served,
        });
        let listener = TcpListener::bind(setup.listen)?;
        let address = listener.local_addr()?;
        let shared = Arc::clone(&device);
        let serve = move || {
            for stream in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                // A connection that breaks is the next one's chance.
                let _broken = stream.and_then(|stream| shared.serve(stream));
            }
        };
        let thread = std::thread::Builder::new().name("epson".to_owned()).spawn(serve)?;
        Ok(Self { address, device, thread: Some(thread) })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What shall go wrong, each once, in this order.
    pub fn script(&self, troubles: &[(Deed, Trouble)]) {
        self.device.core.script(troubles);
    }

    /// How much of its storage ([`super::STORAGE`]) shall be used.
    pub fn fill(&self, used: u64) {
        self.device.core.used.store(used, Ordering::SeqCst);
    }

    /// What it takes to log in from now on: somebody set it at the device.
    pub fn takes(&self, secret: Secret) {
        *self.device.secret.lock().unwrap_or_else(PoisonError::into_inner) = secret;
    }

    /// How often a wrong PIN or PUK was told: a real one blocks itself after some.
    #[must_use]
    pub fn mistold(&self) -> u64 {
        self.device.core.wrong.load(Ordering::SeqCst)
    }

    /// The way to it.
    #[must_use]
    pub fn way(&self, patience: Duration) -> Way {
        Way { address: self.address.to_string(), device: DEVICE.to_owned(), patience }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.device.over.store(true, Ordering::SeqCst);
        let served = self.device.served.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(stream) = served {
            let _gone = stream.shutdown(Shutdown::Both);
        }
        // Whoever waits for a connection gets one, and sees that it is over.
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// What one connection knows.
#[derive(Default)]
struct Session {
    users: BTreeSet<String>,
    challenged: Option<(String, String)>,
    drawn: u64,
    export: Option<Vec<u8>>,
}

type Done = Result<Value, &'static str>;

impl Device {
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        *self.served.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream.try_clone()?);
        if self.over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let greeting = "<connect><data><client_id>simulated</client_id><protocol_version>2</protocol_version></data></connect>\0";
        stream.write_all(greeting.as_bytes())?;
        let (mut rest, mut session) = (Vec::new(), Session::default());
        while let Some(asked) = frame(&mut stream, &mut rest)? {
            if asked.starts_with("<open_device>") {
                let known = field(&asked, "device_id").as_deref() == Some(DEVICE);
                let code = if known { "OK" } else { "DEVICE_NOT_FOUND" };
                let open = format!(
                    "<open_device><device_id>{DEVICE}</device_id><code>{code}</code></open_device>\0"
                );
                stream.write_all(open.as_bytes())?;
                continue;
            }
            if asked.starts_with("<close_device>") {
                return Ok(());
            }
            let request = field(&asked, "requestdata").unwrap_or_default();
            let request: Value = serde_json::from_str(&request).unwrap_or_default();
            let function = request.get("function").and_then(Value::as_str).unwrap_or_default();
            let input = request.get("input").cloned().unwrap_or_default();
            let trouble = deed(function).and_then(|deed| self.core.trouble(deed));
            if trouble == Some(Trouble::Deaf) {
                return Ok(());
            }
            let done = self.done(&mut session, function, &input, trouble);
            let (result, output) = match done {
                Ok(output) => ("EXECUTION_OK", output),
                Err(name) => (name, json!({})),
            };
            let data =
                json!({ "result": result, "function": function, "output": output, "error": {} });
            let data = match trouble {
                Some(Trouble::Gibberish) => "gibberish".to_owned(),
                _ => escape(&data.to_string()),
            };
            let answer = format!(
                "<device_data><device_id>{DEVICE}</device_id><data><type>operateresult</type><success>true</success><code>SUCCESS</code><resultdata>{data}</resultdata></data></device_data>\0"
            );
            match trouble {
                Some(Trouble::Lost) => return Ok(()),
                Some(Trouble::Late) => {
                    // Until nobody waits any more.
                    let mut ignored = [0; 256];
                    while stream.read(&mut ignored)? > 0 {}
                    return Ok(());
                }
                Some(Trouble::Twice) => stream.write_all(answer.repeat(2).as_bytes())?,
                _ => stream.write_all(answer.as_bytes())?,
            }
        }
        Ok(())
    }

    fn done(
        &self,
        session: &mut Session,
        function: &str,
        input: &Value,
        trouble: Option<Trouble>,
    ) -> Done {
        let said = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        match trouble {
            Some(Trouble::Full) => return Err("TSE1_ERROR_STORE_FULL"),
            Some(Trouble::Busy) => return Err("OTHER_ERROR_CURRENTLY_EXPORTING"),
            Some(Trouble::LoggedOut) => session.users.clear(),
            _ => {}
        }
        let admin = || {
            let known = session.users.contains(ADMIN);
            if known { Ok(()) } else { Err("OTHER_ERROR_UNAUTHENTICATED_ADMIN_USER") }
        };
        let now = self.core.now(trouble);
        match function {
            "GetStorageInfo" => self.information(),
            "GetLogMessageCertificate" => {
                let identity = self.core.unit.identity().map_err(|fault| name(&fault))?;
                let own = identity.certificates.first().map(Vec::as_slice).unwrap_or_default();
                Ok(json!({ "logMessageCertificate": Base64::encode_string(own) }))
            }
            "SetUp" if self.initialised.load(Ordering::SeqCst) => {
                Err("OTHER_ERROR_TSE_ALREADY_SET_UP")
            }
            "SetUp" => {
                let mut secret = self.secret.lock().unwrap_or_else(PoisonError::into_inner);
                secret.admin_pin = said("adminPin").to_owned();
                secret.time_admin_pin = said("timeAdminPin").to_owned();
                self.initialised.store(true, Ordering::SeqCst);
                Ok(json!({}))
            }
            // What says what it is, is said before.
            _ if !self.initialised.load(Ordering::SeqCst)
                && !["GetStorageInfo", "GetLogMessageCertificate"].contains(&function) =>
            {
                Err("TSE1_ERROR_TSE_NOT_INITIALIZED")
            }
            "StartTransaction" | "FinishTransaction" if !self.has_time.load(Ordering::SeqCst) => {
                Err("TSE1_ERROR_NO_TIME_SET")
            }
            "RunTSESelfTest" => {
                self.core.unit.self_test(now).map_err(|fault| name(&fault))?;
                Ok(json!({}))
            }
            "GetChallenge" => {
                session.drawn = session.drawn.saturating_add(1);
                let challenge = format!("challenge {} at {}", session.drawn, now.as_nanosecond());
                let challenge = Base64::encode_string(challenge.as_bytes());
                session.challenged = Some((said("userId").to_owned(), challenge.clone()));
                Ok(json!({ "challenge": challenge }))
            }
            "AuthenticateUserForAdmin" if said("userId") != ADMIN => {
                Err("OTHER_ERROR_INVALID_ADMIN_USER_ID")
            }
            "AuthenticateUserForAdmin" => {
                self.login(session, ADMIN, &self.pins().admin_pin, (said("pin"), said("hash")))
            }
            "AuthenticateUserForTimeAdmin" => {
                let clients = self.core.unit.clients().map_err(|fault| name(&fault))?;
                if !clients.iter().any(|known| known == said("clientId")) {
                    return Err("TSE1_ERROR_CLIENT_NOT_REGISTERED");
                }
                let pin = self.pins().time_admin_pin;
                self.login(session, said("clientId"), &pin, (said("pin"), said("hash")))
            }
            "LogOutForAdmin" => {
                session.users.remove(ADMIN);
                Ok(json!({}))
            }
            // The clock itself is set by whoever made this.
            "UpdateTime" | "UpdateTimeForFirst" => admin().map(|()| {
                self.has_time.store(true, Ordering::SeqCst);
                json!({})
            }),
            "DeregisterClient" => {
                admin()?;
                let done = self.core.unit.deregister(said("clientId"), now);
                done.map(|()| json!({})).map_err(|fault| name(&fault))
            }
            "GetRegisteredClientList" => {
                admin()?;
                let clients = self.core.unit.clients().map_err(|fault| name(&fault))?;
                Ok(json!({ "registeredClientIdList": clients }))
            }
            "RegisterClient" => {
                admin()?;
                let done = self.core.unit.register(said("clientId"), now);
                done.map(|()| json!({})).map_err(|_| "JSON_ERROR_INVALID_PARAMETER")
            }
            "GetStartedTransactionList" => {
                let open = self.core.unit.open_transactions(said("clientId"));
                Ok(json!({ "startedTransactionNumberList": open.map_err(|fault| name(&fault))? }))
            }
            "StartTransaction" => self.sign(session, Operation::Start, input, trouble),
            "UpdateTransaction" => self.sign(session, Operation::Update, input, trouble),
            "FinishTransaction" => self.sign(session, Operation::Finish, input, trouble),
            "ArchiveExport"
            | "ExportFilteredByPeriodOfTime"
            | "ExportFilteredByTransactionNumber" => {
                admin()?;
                let moment = |name: &str| said(name).parse::<Timestamp>().ok();
                let span = (moment("startDate"), moment("endDate"));
                let number = input.get("transactionNumber").and_then(Value::as_u64);
                session.export = Some(self.archive(span, number, now)?);
                Ok(json!({}))
            }
            "GetExportData" => {
                admin()?;
                let all = session.export.as_mut().ok_or("OTHER_ERROR_NO_EXPORT_STARTED")?;
                let piece: Vec<u8> = all.drain(..all.len().min(PIECE)).collect();
                let status = if all.is_empty() { "EXPORT_COMPLETE" } else { "EXPORT_INCOMPLETE" };
                Ok(json!({ "exportData": Base64::encode_string(&piece), "exportStatus": status }))
            }
            "FinalizeExport" | "CancelExport" => {
                session.export = None;
                Ok(json!({}))
            }
            _ => Err("JSON_ERROR_UNEXPECTED_FUNCTION"),
        }
    }

    fn pins(&self) -> Secret {
        self.secret.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn information(&self) -> Done {
        let state =
            if self.initialised.load(Ordering::SeqCst) { "INITIALIZED" } else { "UNINITIALIZED" };
        let usage = self.core.unit.usage().map_err(|fault| name(&fault))?;
        let clients = self.core.unit.clients().map_err(|fault| name(&fault))?;
        let (open, most_open) = usage.open.unwrap_or_default();
        let identity = self.core.unit.identity().map_err(|fault| name(&fault))?;
        let digits: Vec<u8> = (0..32)
            .filter_map(|at| identity.serial.get(2 * at..2 * at + 2))
            .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect();
        Ok(json!({ "tseInformation": {
            "vendorType": "TSE1",
            "tseInitializationState": state,
            "hasValidTime": self.has_time.load(Ordering::SeqCst),
            "tseCapacity": super::STORAGE,
            "tseCurrentSize": self.core.used.load(Ordering::SeqCst),
            "createdSignatures": usage.counter,
            "maxSignatures": 20_000_000,
            "registeredClients": clients.len(),
            "maxRegisteredClients": 100,
            "startedTransactions": open,
            "maxStartedTransactions": most_open,
            "hasPassedSelfTest": true,
            "certificateExpirationDate": identity.valid_until.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "serialNumber": Base64::encode_string(&digits),
            "tsePublicKey": Base64::encode_string(&identity.public_key),
            "signatureAlgorithm": identity.algorithm.name(),
            "tseDescription": NOT_CERTIFIED,
        } }))
    }

    fn login(
        &self,
        session: &mut Session,
        user: &str,
        pin: &str,
        (said, answer): (&str, &str),
    ) -> Done {
        let challenged = session.challenged.take().filter(|(whom, _)| whom == user);
        let answered = challenged
            .is_some_and(|(_, challenge)| hash(&challenge, &self.pins().shared) == answer);
        if !answered {
            return Err("OTHER_ERROR_HOST_AUTHENTICATION_FAILED");
        }
        if said != pin {
            self.core.mistold();
            return Err("TSE1_ERROR_AUTHENTICATION_FAILED");
        }
        session.users.insert(user.to_owned());
        Ok(json!({ "authenticationResult": "AUTHENTICATION_OK" }))
    }

    fn sign(
        &self,
        session: &Session,
        operation: Operation,
        input: &Value,
        trouble: Option<Trouble>,
    ) -> Done {
        let said = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
        let client = said("clientId");
        if !session.users.contains(client) {
            return Err("OTHER_ERROR_UNAUTHENTICATED_TIME_ADMIN_USER");
        }
        let data = Base64::decode_vec(said("processData")).unwrap_or_default();
        let data = String::from_utf8(data).map_err(|_| "JSON_ERROR_INVALID_PARAMETER")?;
        let number = input.get("transactionNumber").and_then(Value::as_u64).unwrap_or(0);
        let now = self.core.now(trouble);
        let process = (said("processType"), data.as_str());
        let signed = self.core.unit.sign(operation, (client, number), process, now);
        let mut signed = signed.map_err(|fault| name(&fault))?;
        match trouble {
            Some(Trouble::WrongCounter) => signed.counter = 1,
            Some(Trouble::WrongSignature) => {
                signed.signature.iter_mut().for_each(|byte| *byte ^= 1);
            }
            _ => {}
        }
        Ok(json!({
            "transactionNumber": signed.transaction,
            "logTime": signed.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "signatureCounter": signed.counter,
            "signature": Base64::encode_string(&signed.signature),
        }))
    }

    /// An export: all of it, between two moments, or what is of one transaction.
    fn archive(
        &self,
        span: (Option<Timestamp>, Option<Timestamp>),
        number: Option<u64>,
        now: Timestamp,
    ) -> Result<Vec<u8>, &'static str> {
        const FAILED: &str = "TSE1_ERROR_EXPORT_FAILED";
        let mut whole = Vec::new();
        self.core.unit.export(span, now, &mut whole).map_err(|_| FAILED)?;
        let Some(number) = number else { return Ok(whole) };
        let (mut part, mut found) = (Vec::new(), false);
        let mark = format!("_Log-Tra_No-{number}_");
        let read = tar::files(whole.as_slice(), |name, bytes| {
            let own = name.contains(&mark);
            found |= own;
            if own || !name.ends_with(".log") {
                let (name, bytes) = (name.to_owned(), bytes.to_vec());
                part.push(ExportFile { name, at: now, bytes });
            }
        });
        read.map_err(|_| FAILED)?;
        if !found {
            return Err("TSE1_ERROR_EXPORT_NO_DATA_AVAILABLE");
        }
        let mut archive = Vec::new();
        tar::write(&mut archive, part).map_err(|_| FAILED)?;
        Ok(archive)
    }
}

fn deed(function: &str) -> Option<Deed> {
    match function {
        "StartTransaction" => Some(Deed::Begin),
        "UpdateTransaction" => Some(Deed::Update),
        "FinishTransaction" => Some(Deed::Finish),
        "ExportFilteredByTransactionNumber" => Some(Deed::Look),
        "SetUp" => Some(Deed::SetUp),
        _ => None,
    }
}

fn name(fault: &Fault) -> &'static str {
    match fault.code() {
        "no_transaction" => "TSE1_ERROR_TRANSACTION_NOT_STARTED",
        "client" => "TSE1_ERROR_CLIENT_NOT_REGISTERED",
        "too_many_open" => "TSE1_ERROR_MAX_PARALLEL_TRANSACTIONS",
        "process_data" => "JSON_ERROR_INVALID_PARAMETER",
        "storage_full" => "TSE1_ERROR_STORE_FULL",
        _ => "TSE1_ERROR_IO",
    }
}
