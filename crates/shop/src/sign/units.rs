//! The shop's signing units, opened once and shared by all tills; how they stand; and what is being done with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use domain::UnitId;
use domain::signing::{EpsonUnit, FiskalyUnit, UnitIdentity, UnitKind, UnitSettings};
use domain::unit_watch::{Gauge, UnitUsage};
use fiscal::de::tse::certificate::Certificate;
use jiff::Timestamp;
use signing::{Epson, Fault, Fiskaly, Identity, Software, Unit, Usage, epson, fiskaly};
use store::Reader;

use super::prove::Doubts;
use super::secret::{NoSecret, secret_of};
use super::service::Job;
use crate::api::signing::UnitSecret;

/// How long one answer of a unit may take: a customer waits for some of them.
const ANSWER: Duration = Duration::from_secs(3);

/// Where a software unit remembers: beside the shop's file.
#[must_use]
pub fn unit_path(shop: &Path, unit: UnitId) -> PathBuf {
    let mut name = shop.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-unit-{unit}.tse"));
    shop.with_file_name(name)
}

/// A unit that is open, and as what it was set.
struct Opened {
    set: UnitSettings,
    unit: Arc<dyn Unit>,
    /// When it tested itself last, and what it said it is.
    tested: Option<(Timestamp, UnitIdentity)>,
    /// How it stood when.
    usage: Option<(Timestamp, UnitUsage)>,
}

/// A unit that is open, with when it tested itself and when it was asked how it stands.
pub(super) type Cared = (UnitSettings, Arc<dyn Unit>, [Option<Timestamp>; 2]);

/// A unit that is ready: who it says it is, and whether it has the till.
pub(super) struct Ready {
    pub(super) unit: Arc<dyn Unit>,
    pub(super) said: UnitIdentity,
    pub(super) known: Result<(), &'static str>,
}

/// A secret that a unit did not take: as what it was set, and how often something was told of it by then.
struct Shut {
    set: UnitSettings,
    told: u64,
    code: &'static str,
    /// It says no to who wants to become known there, and to nobody else.
    strangers: bool,
}

/// Whether a fault is of a secret that is wrong or missing. Units block themselves after some wrong ones: the same one
/// is not shown twice, whichever tills there are.
pub(super) fn guarded(code: &str) -> bool {
    matches!(code, "credentials" | "admin_pin" | "no_admin_pin" | "no_secret" | "secret_lost")
}

/// Units by what is set of them.
#[derive(Default)]
pub struct Units {
    open: Mutex<BTreeMap<UnitId, Opened>>,
    /// Rises when something that was told of a unit changed: whoever met it meets it anew.
    told: Mutex<BTreeMap<UnitId, u64>>,
    /// One at a time shows a unit its secret.
    turns: Mutex<BTreeMap<UnitId, Arc<Mutex<()>>>>,
    /// What units did not take.
    shut: Mutex<BTreeMap<UnitId, Shut>>,
    pub(super) doubts: Doubts,
    pub(super) jobs: Mutex<BTreeMap<UnitId, Job>>,
}

impl Units {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<UnitId, Opened>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a unit that is open already.
    pub fn put(&self, settings: &UnitSettings, unit: Arc<dyn Unit>) {
        self.lock().insert(settings.id, Opened::new(settings, unit));
    }

    /// The unit that is set so; opened when it is not yet. This reads and writes files: not on a thread that others
    /// wait for.
    ///
    /// # Errors
    /// When it cannot be opened: `no_secret`, `secret_lost`, `address`, and what its memory says.
    pub fn of(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        now: Timestamp,
    ) -> Result<Arc<dyn Unit>, Fault> {
        let mut open = self.lock();
        if let Some(opened) = open.get(&settings.id)
            && opened.set == *settings
        {
            return Ok(Arc::clone(&opened.unit));
        }
        // A device takes one connection: that to before is closed first, though other tills still know it. Nobody who
        // looks at units waits for that.
        if let Some(before) = open.remove(&settings.id) {
            drop(open);
            before.unit.release();
            open = self.lock();
            if let Some(opened) = open.get(&settings.id)
                && opened.set == *settings
            {
                return Ok(Arc::clone(&opened.unit));
            }
        }
        let unit: Arc<dyn Unit> = match &settings.kind {
            UnitKind::Software => {
                let mut seed = [0_u8; 32];
                getrandom::fill(&mut seed).map_err(|_| Fault::Unusable("no_randomness"))?;
                let description = format!("Tresen {}", settings.name);
                let path = unit_path(shop, settings.id);
                Arc::new(Software::open(&path, || signing::fresh(&seed, &description), now)?)
            }
            UnitKind::Fiskaly(at) => Arc::new(fiskaly(at, secret(shop, settings)?)?),
            UnitKind::Epson(at) => Arc::new(epson(at, secret(shop, settings)?)?),
        };
        open.insert(settings.id, Opened::new(settings, Arc::clone(&unit)));
        Ok(unit)
    }

    /// Something that was told of a unit changed: it is opened anew. This waits for what it is being asked: not on a
    /// thread that others wait for.
    pub fn forget(&self, unit: UnitId) {
        let before = self.lock().remove(&unit);
        {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let count = told.entry(unit).or_default();
            *count = count.saturating_add(1);
        }
        if let Some(before) = before {
            before.unit.release();
        }
    }

    /// How often something was told of a unit.
    pub(super) fn told(&self, unit: UnitId) -> u64 {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(&unit).copied().unwrap_or(0)
    }

    /// Does something that shows a unit its secret: nobody else does meanwhile. What it did not take is remembered.
    /// This waits for what others do: not on a thread that others wait for.
    pub(super) fn in_turn<T>(
        &self,
        set: &UnitSettings,
        deed: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(set.id).or_default())
        };
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let done = deed();
        if let Err(fault) = &done {
            self.shut(set, self.told(set.id), fault);
        }
        done
    }

    /// Takes down that a unit did not take its secret, if that is what the fault is of.
    pub(super) fn shut(&self, set: &UnitSettings, told: u64, fault: &Fault) {
        let code = fault.code();
        if guarded(code) {
            let strangers = matches!(fault, Fault::Refused(_));
            let shut = Shut { set: set.clone(), told, code, strangers };
            self.lock_shut().insert(set.id, shut);
        }
    }

    fn lock_shut(&self) -> MutexGuard<'_, BTreeMap<UnitId, Shut>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why a unit is not shown its secret as it is set now: it did not take it. With true when that is of strangers alone.
    pub(super) fn is_shut(&self, set: &UnitSettings) -> Option<(&'static str, bool)> {
        let told = self.told(set.id);
        let shut = self.lock_shut();
        let shut = shut.get(&set.id).filter(|shut| shut.told == told && shut.set == *set)?;
        Some((shut.code, shut.strangers))
    }

    /// The unit, tested since `down`: by whoever comes first, for all; with the till known to it.
    pub(super) fn ready(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        client: &str,
        down: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Ready, Fault> {
        self.in_turn(settings, || {
            let shut = self.is_shut(settings);
            if let Some((code, false)) = shut {
                return Err(Fault::Unusable(code));
            }
            let unit = self.of(shop, settings, now)?;
            let tested = self.lock().get(&settings.id).and_then(|opened| opened.tested.clone());
            let tested = tested.filter(|(at, _)| down.is_none_or(|down| down < *at));
            let said = match tested {
                Some((_, said)) => said,
                None => self.test(settings.id, &*unit, now)?,
            };
            let known = match shut {
                // Whom it knows it asks for nothing more.
                Some((code, _)) if !unit.clients()?.iter().any(|known| known == client) => {
                    Err(code)
                }
                _ => match unit.register(client, now) {
                    Ok(()) => Ok(()),
                    Err(Fault::Refused(code)) => {
                        self.shut(settings, self.told(settings.id), &Fault::Refused(code));
                        Err(code)
                    }
                    Err(fault) => return Err(fault),
                },
            };
            Ok(Ready { unit, said, known })
        })
    }

    /// Lets one that is open test itself, unless it did not take its secret.
    pub(super) fn test_again(
        &self,
        set: &UnitSettings,
        unit: &dyn Unit,
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        self.in_turn(set, || match self.is_shut(set) {
            Some((code, false)) => Err(Fault::Unusable(code)),
            _ => self.test(set.id, unit, now),
        })
    }

    /// Lets it test itself, and asks who it is and how it stands.
    pub(super) fn test(
        &self,
        id: UnitId,
        unit: &dyn Unit,
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        let identity = unit.identity()?;
        if identity.valid_until < now {
            return Err(Fault::Unusable("certificate_expired"));
        }
        unit.self_test(now)?;
        self.tested(id, unit, &identity, now)
    }

    /// It has just tested itself.
    pub(super) fn tested(
        &self,
        id: UnitId,
        unit: &dyn Unit,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        let said = identity_of(identity);
        if let Some(opened) = self.lock().get_mut(&id) {
            opened.tested = Some((now, said.clone()));
        }
        // That it does not say how it stands keeps nobody from signing.
        let _unsaid = self.look(id, unit, now);
        Ok(said)
    }

    /// Asks how it stands.
    pub(super) fn look(&self, id: UnitId, unit: &dyn Unit, now: Timestamp) -> Result<(), Fault> {
        let usage = usage_of(&unit.usage()?);
        if let Some(opened) = self.lock().get_mut(&id) {
            opened.usage = Some((now, usage));
        }
        Ok(())
    }

    /// How a unit stood, and when; none before it was asked.
    #[must_use]
    pub fn usage(&self, unit: UnitId) -> Option<(Timestamp, UnitUsage)> {
        self.lock().get(&unit).and_then(|opened| opened.usage)
    }

    /// Units that are open.
    pub(super) fn opened(&self) -> Vec<Cared> {
        let open = self.lock();
        let all = open.values().map(|opened| {
            let tested = opened.tested.as_ref().map(|(at, _)| *at);
            let looked = opened.usage.as_ref().map(|(at, _)| *at);
            (opened.set.clone(), Arc::clone(&opened.unit), [tested, looked])
        });
        all.collect()
    }
}

impl Opened {
    fn new(settings: &UnitSettings, unit: Arc<dyn Unit>) -> Opened {
        Opened { set: settings.clone(), unit, tested: None, usage: None }
    }
}

fn secret(shop: &Path, settings: &UnitSettings) -> Result<UnitSecret, Fault> {
    let told = Reader::open(shop).map_err(NoSecret::Store);
    told.and_then(|reader| secret_of(&reader, settings)).map_err(|why| match why {
        NoSecret::Nothing => Fault::Unusable("no_secret"),
        NoSecret::Lost => Fault::Unusable("secret_lost"),
        NoSecret::Store(_) => Fault::Unusable("storage"),
    })
}

fn fiskaly(at: &FiskalyUnit, secret: UnitSecret) -> Result<Fiskaly, Fault> {
    let UnitSecret::Fiskaly { api_key, api_secret, admin_pin } = secret else {
        return Err(Fault::Unusable("no_secret"));
    };
    let setup = fiskaly::Setup {
        base: at.address.clone(),
        tss: at.tss.parse().map_err(|_| Fault::Refused("address"))?,
        patience: ANSWER,
        slowly: fiskaly::SLOWLY,
        draw: crate::ids::draw,
    };
    Fiskaly::new(setup, fiskaly::Secret { api_key, api_secret, admin_pin })
}

fn epson(at: &EpsonUnit, secret: UnitSecret) -> Result<Epson, Fault> {
    let UnitSecret::Epson { shared, admin_pin, time_admin_pin } = secret else {
        return Err(Fault::Unusable("no_secret"));
    };
    let (address, device) = (at.address.clone(), at.device.clone());
    let setup = epson::Setup { address, device, patience: ANSWER };
    Ok(Epson::new(setup, epson::Secret { shared, admin_pin, time_admin_pin }))
}

/// What a unit says of itself, as it is journalled.
fn identity_of(said: &Identity) -> UnitIdentity {
    UnitIdentity {
        serial: said.serial.clone(),
        public_key: Base64::encode_string(&said.public_key),
        algorithm: said.algorithm.name().to_owned(),
        time_format: said.time_format.name().to_owned(),
        encoding: "UTF-8".to_owned(),
        certificates: said.certificates.iter().map(|der| Base64::encode_string(der)).collect(),
        certified: said.certified,
    }
}

fn usage_of(said: &Usage) -> UnitUsage {
    let gauge = |share: Option<(u64, u64)>| share.map(|(used, most)| Gauge { used, most });
    UnitUsage {
        signatures: gauge(said.signatures),
        storage: gauge(said.storage),
        clients: gauge(said.clients),
        open: gauge(said.open),
        signature_counter: said.counter,
        transactions: said.transactions,
    }
}

/// The last moment of a unit's own certificate, out of what it said of itself.
#[must_use]
pub fn ends(identity: &UnitIdentity) -> Option<Timestamp> {
    certificate_ends(&identity.certificates)
}

/// When the first of some certificates (Base64 of DER) ends.
pub(crate) fn certificate_ends(certificates: &[String]) -> Option<Timestamp> {
    let der = Base64::decode_vec(certificates.first()?).ok()?;
    Certificate::read_all(&der).ok()?.first()?.not_after
}
