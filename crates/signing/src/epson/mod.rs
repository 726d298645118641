//! Epson's unit, in a printer or a server of the shop's own network (TCP, usually port 8009).
//!
//! It has no question that looks up one transaction: whether a finish whose answer was lost was done is read from the
//! unit's own logs, by an export of that transaction. So nothing is sent again here after silence; the connection is
//! given up, and with it whatever comes late.

mod wire;

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding as _};
use fiscal::de::tse::signature::SignatureAlgorithm;
use fiscal::de::tse::time::TimeFormat;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{Began, Fault, Finished, Identity, SetupStep, Span, Tell, Told, Unit, Usage, proof};
pub use wire::DEVICE;
use wire::{Answer, Line, fault};
pub(crate) use wire::{escape, field, frame};

/// The administrator's name; there is no other.
pub(crate) const ADMIN: &str = "Administrator";
/// How long one answer may take unless it is said otherwise.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// Most pieces of an export.
const PIECES: u32 = 1_000_000;

const BAD: Fault = Fault::Unusable("bad_answer");

/// What the unit was set up with. Shown by no `Debug`, in no fault.
#[derive(Clone)]
pub struct Secret {
    /// The key that unit and host share.
    pub shared: String,
    /// The administrator's PIN.
    pub admin_pin: String,
    /// The PIN of tills.
    pub time_admin_pin: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Where the unit is.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its address, `host:port`.
    pub address: String,
    /// Its name there, [`DEVICE`] as a rule.
    pub device: String,
    /// How long one answer may take.
    pub patience: Duration,
}

#[derive(Default)]
struct Known {
    line: Option<Line>,
    vendor: String,
    identity: Option<Identity>,
    /// Whose counter it is, as the device writes the serial number.
    serial: String,
    counter: u64,
}

/// The unit. It takes one connection, and one request at a time.
pub struct Epson {
    setup: Setup,
    secret: Secret,
    known: Mutex<Known>,
}

impl fmt::Debug for Epson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Epson").field("setup", &self.setup).finish_non_exhaustive()
    }
}

/// The answer to a challenge.
pub(crate) fn hash(challenge: &str, shared: &str) -> String {
    Base64::encode_string(&Sha256::digest(format!("{challenge}{shared}").as_bytes()))
}

fn text(output: &Value, name: &str) -> Result<String, Fault> {
    output.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(BAD)
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn signed(output: &Value) -> Result<Finished, Fault> {
    Ok(Finished {
        at: text(output, "logTime")?.parse().map_err(|_| BAD)?,
        counter: output.get("signatureCounter").and_then(Value::as_u64).ok_or(BAD)?,
        signature: proof::base64(&text(output, "signature")?).ok_or(BAD)?,
    })
}

impl Known {
    /// Asks on the line that is there; one that failed is given up.
    fn ask(&mut self, kind: &str, function: &str, input: &Value) -> Result<Value, Fault> {
        let line = self.line.as_mut().ok_or(Fault::Unusable("unreachable"))?;
        let vendor = if kind == "TSE" { self.vendor.as_str() } else { "" };
        match line.ask((kind, vendor), (function, input), self.counter) {
            Ok(Answer { result, output }) if result == "EXECUTION_OK" => Ok(output),
            Ok(Answer { result, .. }) => {
                let fault = fault(&result);
                if fault.code() == "logged_out" {
                    line.users.clear();
                }
                Err(fault)
            }
            Err(fault) => {
                self.line = None;
                Err(fault)
            }
        }
    }

    fn tse(&mut self, function: &str, input: &Value) -> Result<Value, Fault> {
        self.ask("TSE", function, input)
    }

    fn information(&mut self) -> Result<Value, Fault> {
        let mut output = self.ask("COMMON", "GetStorageInfo", &json!({}))?;
        let said = output.get_mut("tseInformation").map(Value::take).ok_or(BAD)?;
        if let Some(serial) = said.get("serialNumber").and_then(Value::as_str)
            && serial != self.serial
        {
            // Another one was put in: its counter is its own, and lower ones are no answers of before.
            self.counter = 0;
            self.serial = serial.to_owned();
        }
        Ok(said)
    }
}

impl Epson {
    /// The unit. Nothing is asked yet.
    #[must_use]
    pub fn new(setup: Setup, secret: Secret) -> Self {
        Self { setup, secret, known: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects, if it is not connected.
    fn connect(&self, known: &mut Known) -> Result<(), Fault> {
        if known.line.is_some() {
            return Ok(());
        }
        let Setup { address, device, patience } = &self.setup;
        known.line = Some(Line::open(address, device, *patience)?);
        known.vendor = text(&known.information()?, "vendorType")?;
        Ok(())
    }

    /// Logs a till in, or the administrator.
    fn login(&self, known: &mut Known, user: &str) -> Result<(), Fault> {
        if known.line.as_ref().is_some_and(|line| line.users.iter().any(|known| known == user)) {
            return Ok(());
        }
        let challenge = known.tse("GetChallenge", &json!({ "userId": user }))?;
        let hash = hash(&text(&challenge, "challenge")?, &self.secret.shared);
        if user == ADMIN {
            let input = json!({ "userId": user, "pin": self.secret.admin_pin, "hash": hash });
            known.tse("AuthenticateUserForAdmin", &input)?;
        } else {
            let input =
                json!({ "clientId": user, "pin": self.secret.time_admin_pin, "hash": hash });
            known.tse("AuthenticateUserForTimeAdmin", &input)?;
        }
        if let Some(line) = &mut known.line {
            line.users.push(user.to_owned());
        }
        Ok(())
    }

    /// Does something as somebody; whom the unit does not know any more is logged in again, once.
    fn doing<T>(
        &self,
        user: &str,
        mut deed: impl FnMut(&mut Known) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let known = &mut *self.lock();
        self.connect(known)?;
        self.login(known, user)?;
        let done = match deed(known) {
            Err(Fault::Unusable("logged_out")) => {
                self.login(known, user)?;
                deed(known)
            }
            done => done,
        };
        if user == ADMIN && known.line.is_some() {
            // Whoever stays an administrator could do more than tills may.
            let _out = known.tse("LogOutForAdmin", &json!({ "userId": ADMIN }));
            if let Some(line) = &mut known.line {
                line.users.retain(|user| user != ADMIN);
            }
        }
        done
    }

    fn whoami(&self, known: &mut Known) -> Result<Identity, Fault> {
        if let Some(identity) = &known.identity {
            return Ok(identity.clone());
        }
        self.connect(known)?;
        let said = known.information()?;
        let certificate = known.tse("GetLogMessageCertificate", &json!({}))?;
        let certificate = text(&certificate, "logMessageCertificate")?;
        let (certificates, valid_until) = proof::certificates(&certificate)?;
        let serial = proof::base64(&text(&said, "serialNumber")?).ok_or(BAD)?;
        let algorithm = SignatureAlgorithm::parse(&text(&said, "signatureAlgorithm")?);
        let identity = Identity {
            serial: proof::hex(&serial),
            public_key: proof::base64(&text(&said, "tsePublicKey")?).ok_or(BAD)?,
            algorithm: algorithm.ok_or(BAD)?,
            // The unit does not say it; all of this maker's write it so.
            time_format: TimeFormat::UnixTime,
            certificates,
            valid_until,
            certified: !text(&said, "tseDescription")?.contains(fiscal::de::tse::NOT_CERTIFIED),
        };
        known.identity = Some(identity.clone());
        Ok(identity)
    }

    /// Sets its clock; one that has no time yet is told it in another way.
    /// Since it was `now` a self-test may have taken a minute.
    fn set_time(&self, now: Timestamp, began: Instant) -> Result<(), Fault> {
        let since = SignedDuration::try_from(began.elapsed()).unwrap_or_default();
        let now = now.saturating_add(since).unwrap_or(now);
        let input = json!({ "userId": ADMIN, "newDateTime": moment(now), "useTimeSync": false });
        self.doing(ADMIN, |known| {
            let valid = known.information()?.get("hasValidTime").and_then(Value::as_bool);
            let function = if valid == Some(false) { "UpdateTimeForFirst" } else { "UpdateTime" };
            known.tse(function, &input).map(drop)
        })
    }

    fn go_on(
        &self,
        function: &str,
        (client, number): (&str, u64),
        (process_type, process_data): (&str, &str),
    ) -> Result<Finished, Fault> {
        let input = json!({
            "clientId": client, "transactionNumber": number, "additionalData": "",
            "processType": process_type,
            "processData": Base64::encode_string(process_data.as_bytes()),
        });
        self.doing(client, |known| {
            let said = signed(&known.tse(function, &input)?)?;
            known.counter = said.counter;
            Ok(said)
        })
    }

    /// Has something exported and takes it, piece by piece.
    fn take(&self, function: &str, input: &Value, out: &mut dyn Write) -> Result<(), Fault> {
        let mut begun = false;
        self.doing(ADMIN, |known| {
            // What was written cannot be taken back: a second try would write it twice.
            if begun {
                return Err(BAD);
            }
            known.tse(function, input)?;
            for _ in 0..PIECES {
                let piece = match known.tse("GetExportData", &json!({})) {
                    Ok(piece) => piece,
                    Err(fault) => {
                        if known.line.is_some() {
                            let _given_up = known.tse("CancelExport", &json!({}));
                        }
                        return Err(fault);
                    }
                };
                let data = text(&piece, "exportData")?;
                if !data.is_empty() {
                    let piece = proof::base64(&data).ok_or(BAD)?;
                    begun = true;
                    if let Err(full) = out.write_all(&piece) {
                        let _given_up = known.tse("CancelExport", &json!({}));
                        return Err(Fault::Memory(full));
                    }
                }
                if text(&piece, "exportStatus")? == "EXPORT_COMPLETE" {
                    // The unit keeps it all; what is deleted there cannot be had again.
                    known.tse("FinalizeExport", &json!({ "deleteData": false }))?;
                    return Ok(());
                }
            }
            Err(BAD)
        })
    }
}

impl Unit for Epson {
    fn release(&self) {
        self.lock().line = None;
    }

    #[expect(clippy::disallowed_methods, reason = "how long its self-test takes is measured")]
    fn set_up(&self, puk: Option<&str>, now: Timestamp, tell: Tell<'_>) -> Result<(), Fault> {
        let began = Instant::now();
        {
            let known = &mut *self.lock();
            tell(Told::Step(SetupStep::Connect))?;
            self.connect(known)?;
            known.identity = None;
            match text(&known.information()?, "tseInitializationState")?.as_str() {
                "INITIALIZED" => {}
                "UNINITIALIZED" => {
                    let puk = puk.ok_or(Fault::Refused("no_puk"))?;
                    tell(Told::Step(SetupStep::Initialise))?;
                    let Secret { admin_pin, time_admin_pin, .. } = &self.secret;
                    let input = json!({
                        "puk": puk, "adminPin": admin_pin, "timeAdminPin": time_admin_pin,
                    });
                    known.tse("SetUp", &input)?;
                }
                _ => return Err(Fault::Unusable("disabled")),
            }
            tell(Told::Step(SetupStep::SelfTest))?;
            known.tse("RunTSESelfTest", &json!({}))?;
        }
        tell(Told::Step(SetupStep::Time))?;
        self.set_time(now, began)
    }

    fn identity(&self) -> Result<Identity, Fault> {
        let known = &mut *self.lock();
        known.identity = None;
        self.whoami(known)
    }

    #[expect(clippy::disallowed_methods, reason = "how long its self-test takes is measured")]
    fn self_test(&self, now: Timestamp) -> Result<(), Fault> {
        let began = Instant::now();
        {
            let known = &mut *self.lock();
            self.connect(known)?;
            let said = known.information()?;
            match text(&said, "tseInitializationState")?.as_str() {
                "INITIALIZED" => {}
                "UNINITIALIZED" => return Err(Fault::Unusable("not_set_up")),
                _ => return Err(Fault::Unusable("disabled")),
            }
            known.identity = None;
            if self.whoami(known)?.valid_until < now {
                return Err(Fault::Unusable("certificate_expired"));
            }
            known.tse("RunTSESelfTest", &json!({}))?;
        }
        self.set_time(now, began)
    }

    /// The till is logged in as well, with the PIN of tills: a wrong one is said here, before anything is to be signed.
    fn register(&self, client: &str, _: Timestamp) -> Result<(), Fault> {
        self.doing(ADMIN, |known| {
            let list = known.tse("GetRegisteredClientList", &json!({}))?;
            let list = list.get("registeredClientIdList").and_then(Value::as_array).ok_or(BAD)?;
            if list.iter().any(|one| one.as_str() == Some(client)) {
                return Ok(());
            }
            known.tse("RegisterClient", &json!({ "clientId": client })).map(drop)
        })?;
        self.doing(client, |_| Ok(()))
    }

    fn clients(&self) -> Result<Vec<String>, Fault> {
        self.doing(ADMIN, |known| {
            let list = known.tse("GetRegisteredClientList", &json!({}))?;
            let list = list.get("registeredClientIdList").and_then(Value::as_array).ok_or(BAD)?;
            Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        })
    }

    fn deregister(&self, client: &str, _: Timestamp) -> Result<(), Fault> {
        if !self.clients()?.iter().any(|known| known == client) {
            return Ok(());
        }
        let input = json!({ "clientId": client });
        self.doing(ADMIN, |known| known.tse("DeregisterClient", &input).map(drop))
    }

    fn usage(&self) -> Result<Usage, Fault> {
        let known = &mut *self.lock();
        self.connect(known)?;
        let said = known.information()?;
        let number = |name: &str| said.get(name).and_then(Value::as_u64);
        let share =
            |used: &str, most: &str| number(used).zip(number(most)).filter(|(_, most)| *most > 0);
        Ok(Usage {
            signatures: share("createdSignatures", "maxSignatures"),
            storage: share("tseCurrentSize", "tseCapacity"),
            clients: share("registeredClients", "maxRegisteredClients"),
            open: share("startedTransactions", "maxStartedTransactions"),
            counter: number("createdSignatures"),
            transactions: None,
        })
    }

    fn open_transactions(&self, client: &str) -> Result<Vec<u64>, Fault> {
        let input = json!({ "clientId": client });
        let list = self.doing(client, |known| known.tse("GetStartedTransactionList", &input));
        let list = match list {
            Err(Fault::Refused("client")) => return Ok(Vec::new()),
            list => list?,
        };
        let list = list.get("startedTransactionNumberList").and_then(Value::as_array).ok_or(BAD)?;
        let numbers: Option<Vec<u64>> = list.iter().map(Value::as_u64).collect();
        let mut numbers = numbers.ok_or(BAD)?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn begin(&self, client: &str, now: Timestamp) -> Result<Began, Fault> {
        if self.whoami(&mut self.lock())?.valid_until < now {
            return Err(Fault::Unusable("certificate_expired"));
        }
        let input = json!({
            "clientId": client, "processData": "", "processType": "", "additionalData": "",
        });
        let (number, at) = self.doing(client, |known| {
            let output = known.tse("StartTransaction", &input)?;
            let said = signed(&output)?;
            known.counter = said.counter;
            let number = output.get("transactionNumber").and_then(Value::as_u64).ok_or(BAD)?;
            Ok((number, said.at))
        })?;
        proof::clock(at, now)?;
        Ok(Began { number, at })
    }

    fn update(&self, of: (&str, u64), process: (&str, &str), _: Timestamp) -> Result<(), Fault> {
        self.go_on("UpdateTransaction", of, process).map(drop)
    }

    fn finish(
        &self,
        of: (&str, u64),
        process: (&str, &str),
        _: Timestamp,
    ) -> Result<Finished, Fault> {
        let identity = self.whoami(&mut self.lock())?;
        let said = match self.go_on("FinishTransaction", of, process) {
            // Nobody of that name ever began anything.
            Err(Fault::Refused("client")) => return Err(Fault::NoTransaction),
            said => said?,
        };
        if !proof::signed(&identity, of, process, &said) {
            return Err(Fault::Unusable("bad_signature"));
        }
        Ok(said)
    }

    fn finished(&self, of: (&str, u64), process: (&str, &str)) -> Result<Option<Finished>, Fault> {
        let input = json!({ "clientId": "", "transactionNumber": of.1 });
        let mut archive = Vec::new();
        match self.take("ExportFilteredByTransactionNumber", &input, &mut archive) {
            Ok(()) => proof::find(&archive, of, process),
            Err(Fault::NoTransaction | Fault::Refused("no_data")) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn export(&self, (from, to): Span, now: Timestamp, out: &mut dyn Write) -> Result<(), Fault> {
        if from.is_none() && to.is_none() {
            return self.take("ArchiveExport", &json!({ "clientId": "" }), out);
        }
        let (from, to) = (from.unwrap_or(Timestamp::UNIX_EPOCH), to.unwrap_or(now));
        let input = json!({ "clientId": "", "startDate": moment(from), "endDate": moment(to) });
        self.take("ExportFilteredByPeriodOfTime", &input, out)
    }
}
