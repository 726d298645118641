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
    /// One at a time tests it.
    turn: Arc<Mutex<()>>,
}

/// A unit that is open, with when it tested itself and when it was asked how it stands.
pub(super) type Cared = (UnitSettings, Arc<dyn Unit>, [Option<Timestamp>; 2]);

/// Units by what is set of them.
#[derive(Default)]
pub struct Units {
    open: Mutex<BTreeMap<UnitId, Opened>>,
    /// Rises when something that was told of a unit changed: whoever met it meets it anew.
    told: Mutex<BTreeMap<UnitId, u64>>,
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

    /// The unit, tested since `down`: by whoever comes first, for all.
    pub(super) fn ready(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        down: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Arc<dyn Unit>, UnitIdentity), Fault> {
        let unit = self.of(shop, settings, now)?;
        let turn = self.lock().get(&settings.id).map(|opened| Arc::clone(&opened.turn));
        let turn = turn.unwrap_or_default();
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let tested = self.lock().get(&settings.id).and_then(|opened| opened.tested.clone());
        if let Some((at, said)) = tested
            && down.is_none_or(|down| down < at)
        {
            return Ok((unit, said));
        }
        let said = self.test(settings.id, &*unit, now)?;
        Ok((unit, said))
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
        let (set, turn) = (settings.clone(), Arc::default());
        Opened { set, unit, tested: None, usage: None, turn }
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
    let der = Base64::decode_vec(identity.certificates.first()?).ok()?;
    Certificate::read_all(&der).ok()?.first()?.not_after
}
