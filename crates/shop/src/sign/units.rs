//! The shop's signing units, opened once and shared by all tills; how they stand; and what is being done with them.

use std::cell::Cell;
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
use signing::{Epson, Fault, Fiskaly, Identity, Software, Span, Unit, Usage, epson, fiskaly};
use store::Reader;

use super::archive::write_archive;
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
    /// How often something was told of it before its secret was read.
    told: u64,
    tested: Option<Tested>,
    /// How it stood when.
    usage: Option<(Timestamp, UnitUsage)>,
}

/// A unit that tested itself.
#[derive(Clone)]
struct Tested {
    at: Timestamp,
    /// What it said it is.
    said: UnitIdentity,
    /// Since when it was down then. It says nothing of later outages; which is later no clock says that is set back.
    down: Option<Timestamp>,
}

/// A unit that is open, with when it tested itself and when it was asked how it stands.
pub(super) struct Cared {
    pub(super) set: UnitSettings,
    pub(super) unit: Arc<dyn Unit>,
    pub(super) told: u64,
    pub(super) times: [Option<Timestamp>; 2],
}

/// A turn to show a unit its secret.
pub(super) struct Turn<'a> {
    units: &'a Units,
    /// How often something was told of the unit before the secret was read that it is shown: one that is told meanwhile
    /// was not shown yet.
    told: Cell<u64>,
}

impl Turn<'_> {
    /// See [`Units::of`].
    pub(super) fn of(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        now: Timestamp,
    ) -> Result<Arc<dyn Unit>, Fault> {
        let (told, unit) = self.units.open(shop, settings, now);
        self.told.set(told);
        unit
    }
}

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
#[must_use]
pub fn guarded(code: &str) -> bool {
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
        let mut open = self.lock();
        let told = self.told(settings.id);
        open.insert(settings.id, Opened::new(settings, unit, told));
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
        self.open(shop, settings, now).1
    }

    /// [`Units::of`], with how often something was told of it before its secret was read.
    fn open(
        &self,
        shop: &Path,
        settings: &UnitSettings,
        now: Timestamp,
    ) -> (u64, Result<Arc<dyn Unit>, Fault>) {
        let found = |open: &BTreeMap<UnitId, Opened>| {
            let opened = open.get(&settings.id).filter(|opened| opened.set == *settings)?;
            Some((opened.told, Ok(Arc::clone(&opened.unit))))
        };
        let mut open = self.lock();
        if let Some(found) = found(&open) {
            return found;
        }
        // A device takes one connection: that to before is closed first, though other tills still know it. Nobody who
        // looks at units waits for that.
        if let Some(before) = open.remove(&settings.id) {
            drop(open);
            before.unit.release();
            open = self.lock();
            if let Some(found) = found(&open) {
                return found;
            }
        }
        let told = self.told(settings.id);
        let unit = make(shop, settings, now);
        if let Ok(unit) = &unit {
            open.insert(settings.id, Opened::new(settings, Arc::clone(unit), told));
        }
        (told, unit)
    }

    /// Something that was told of a unit changed: it is opened anew. This waits for what it is being asked: not on a
    /// thread that others wait for.
    pub fn forget(&self, unit: UnitId) {
        let before = {
            // Together: whoever opens it sees both or neither.
            let mut open = self.lock();
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let count = told.entry(unit).or_default();
            *count = count.saturating_add(1);
            open.remove(&unit)
        };
        self.doubts.hurry(unit);
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
        deed: impl FnOnce(&Turn<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let own = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(set.id).or_default())
        };
        let _own = own.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = Turn { units: self, told: Cell::new(self.told(set.id)) };
        let done = deed(&turn);
        if let Err(fault) = &done {
            self.shut(set, turn.told.get(), fault);
        }
        done
    }

    /// Writes what a unit signed into a file, with a secret that it may not take: the same one is not shown twice. Others
    /// get on with the unit meanwhile, as far as it lets them. Answers whether it is certified, as far as it says.
    ///
    /// # Errors
    /// What the unit says, or `storage` when the file cannot be written.
    pub fn archive(
        &self,
        shop: &Path,
        set: &UnitSettings,
        span: Span,
        (now, target): (Timestamp, &Path),
    ) -> Result<bool, Fault> {
        let (told, unit) = self.in_turn(set, |turn| match self.is_shut(set) {
            Some((code, false)) => Err(Fault::Unusable(code)),
            _ => {
                let unit = turn.of(shop, set, now)?;
                Ok((turn.told.get(), unit))
            }
        })?;
        let written = write_archive(&*unit, set, span, (now, target));
        if let Err(fault) = &written {
            self.shut(set, told, fault);
        }
        written
    }

    /// Takes down that a unit did not take its secret, if that is what the fault is of.
    pub(super) fn shut(&self, set: &UnitSettings, told: u64, fault: &Fault) {
        let code = fault.code();
        if guarded(code) {
            let strangers = matches!(fault, Fault::Refused(_));
            let mut shut = self.lock_shut();
            // What is known of one that was told later stays known.
            if shut.get(&set.id).is_none_or(|known| known.told <= told) {
                shut.insert(set.id, Shut { set: set.clone(), told, code, strangers });
            }
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
        self.in_turn(settings, |turn| {
            let shut = self.is_shut(settings);
            if let Some((code, false)) = shut {
                return Err(Fault::Unusable(code));
            }
            let unit = turn.of(shop, settings, now)?;
            let tested = self.lock().get(&settings.id).and_then(|opened| opened.tested.clone());
            let said = match tested.filter(|tested| down.is_none() || tested.down == down) {
                Some(tested) => tested.said,
                None => self.test(settings.id, &*unit, down, now)?,
            };
            let known = match shut {
                // Whom it knows it asks for nothing more.
                Some((code, _)) if !unit.clients()?.iter().any(|known| known == client) => {
                    Err(code)
                }
                _ => match unit.register(client, now) {
                    Ok(()) => Ok(()),
                    Err(Fault::Refused(code)) => {
                        self.shut(settings, turn.told.get(), &Fault::Refused(code));
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
        Cared { set, unit, told, .. }: &Cared,
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        self.in_turn(set, |turn| {
            turn.told.set(*told);
            match self.is_shut(set) {
                Some((code, false)) => Err(Fault::Unusable(code)),
                _ => self.test(set.id, &**unit, None, now),
            }
        })
    }

    /// Lets it test itself, and asks who it is and how it stands. It may have been down since some time.
    pub(super) fn test(
        &self,
        id: UnitId,
        unit: &dyn Unit,
        down: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        let identity = unit.identity()?;
        if identity.valid_until < now {
            return Err(Fault::Unusable("certificate_expired"));
        }
        unit.self_test(now)?;
        self.tested(id, unit, (&identity, down), now)
    }

    /// It has just tested itself.
    pub(super) fn tested(
        &self,
        id: UnitId,
        unit: &dyn Unit,
        (identity, down): (&Identity, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<UnitIdentity, Fault> {
        let said = identity_of(identity);
        if let Some(opened) = self.lock().get_mut(&id) {
            opened.tested = Some(Tested { at: now, said: said.clone(), down });
        }
        // That it does not say how it stands keeps nobody from signing. What it said before may be of a time that the clock
        // was set back from: it would test itself again and again.
        if self.look(id, unit, now).is_err()
            && let Some(opened) = self.lock().get_mut(&id)
        {
            opened.usage = None;
        }
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
            let tested = opened.tested.as_ref().map(|tested| tested.at);
            let looked = opened.usage.as_ref().map(|(at, _)| *at);
            Cared {
                set: opened.set.clone(),
                unit: Arc::clone(&opened.unit),
                told: opened.told,
                times: [tested, looked],
            }
        });
        all.collect()
    }
}

impl Opened {
    fn new(settings: &UnitSettings, unit: Arc<dyn Unit>, told: u64) -> Opened {
        Opened { set: settings.clone(), unit, told, tested: None, usage: None }
    }
}

fn make(shop: &Path, settings: &UnitSettings, now: Timestamp) -> Result<Arc<dyn Unit>, Fault> {
    Ok(match &settings.kind {
        UnitKind::Software => {
            let mut seed = [0_u8; 32];
            getrandom::fill(&mut seed).map_err(|_| Fault::Unusable("no_randomness"))?;
            let description = format!("Tresen {}", settings.name);
            let path = unit_path(shop, settings.id);
            Arc::new(Software::open(&path, || signing::fresh(&seed, &description), now)?)
        }
        UnitKind::Fiskaly(at) => Arc::new(fiskaly(at, secret(shop, settings)?)?),
        UnitKind::Epson(at) => Arc::new(epson(at, secret(shop, settings)?)?),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn software() -> UnitSettings {
        UnitSettings { id: UnitId(1), name: "unit".to_owned(), kind: UnitKind::Software }
    }

    const WRONG: Fault = Fault::Unusable("credentials");

    #[test]
    fn a_secret_that_is_told_while_a_unit_is_shown_the_one_before_is_not_shut_out_untried() {
        let (folder, units) = (tempfile::tempdir().expect("a folder"), Units::default());
        let (shop, set, now) =
            (folder.path().join("shop.sqlite"), software(), Timestamp::UNIX_EPOCH);
        let shown = units.in_turn(&set, |turn| {
            turn.of(&shop, &set, now)?;
            units.forget(set.id);
            Err::<(), _>(WRONG)
        });
        assert!(shown.is_err());
        assert_eq!(units.is_shut(&set), None);
        // What comes late of the one before makes nobody forget that the new one was wrong as well.
        let before = units.told(set.id).saturating_sub(1);
        let shown = units.in_turn(&set, |turn| turn.of(&shop, &set, now).and(Err::<(), _>(WRONG)));
        assert!(shown.is_err());
        units.shut(&set, before, &WRONG);
        assert_eq!(units.is_shut(&set), Some(("credentials", false)));
    }

    #[test]
    fn a_secret_that_is_read_in_the_turn_after_it_was_told_anew_is_shut_out() {
        let (folder, units) = (tempfile::tempdir().expect("a folder"), Units::default());
        let (shop, set, now) =
            (folder.path().join("shop.sqlite"), software(), Timestamp::UNIX_EPOCH);
        let shown = units.in_turn(&set, |turn| {
            units.forget(set.id);
            turn.of(&shop, &set, now).and(Err::<(), _>(WRONG))
        });
        assert!(shown.is_err());
        assert_eq!(units.is_shut(&set), Some(("credentials", false)));
    }
}
