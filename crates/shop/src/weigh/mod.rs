//! Asks the scales beside the tills: one task per till, so that a scale that is gone holds up none. The till itself never waits for a
//! scale; what one says is shown, and the line comes when the weight does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Plain, PoisonError};
use std::time::Duration;

use devices::line::{self, Line, Place, SerialLine};
use devices::scale::{Pace as ScalePace, converse};
use domain::peripheral::{ScaleProtocol, ScaleSettings};
use domain::weighing::Weighed;
use domain::{TillCommand, TillId};
use money::{Money, Quantity};
use scale::{Fault, Goods, Keys, Memory, Protocol, Scale, Session, State, Weighing};
use tokio::io::AsyncReadExt as _;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::api::view::{Lamp, LampKind, LampState};
use crate::api::weighing::WeighingNote;
use crate::engine::{Engine, Order};
use crate::print::machine;
use crate::vault;

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often the settings are looked at.
    pub look: Duration,
    /// How often it is looked whether a scale that nobody weighs at is there.
    pub idle: Duration,
    /// With a scale.
    pub scale: ScalePace,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(2),
            idle: Duration::from_secs(10),
            scale: ScalePace::default(),
        }
    }
}

/// Where the maker's secret of a scale lies, apart from the settings and the journal.
#[must_use]
pub fn secret_key(at: &str) -> String {
    format!("scale_secret_{at}")
}

/// Whoever takes a connection only to end it does so within this time.
const KEPT: Duration = Duration::from_millis(200);

fn lamp(state: LampState, code: &str) -> Lamp {
    Lamp { kind: LampKind::Scale, state, code: code.to_owned(), waiting: 0 }
}

/// Scales hear one at a time, and each is remembered by what it weighed last.
type Turns = Arc<Plain<HashMap<String, Arc<Mutex<Memory>>>>>;

/// Runs until the engine stops or `stop` turns true.
pub async fn run(engine: Engine, stop: watch::Receiver<bool>) {
    run_at(engine, stop, Pace::default()).await;
}

/// [`run`] at a pace of the caller's.
pub async fn run_at(engine: Engine, mut stop: watch::Receiver<bool>, pace: Pace) {
    let mut tasks: HashMap<TillId, (String, tokio::task::JoinHandle<()>)> = HashMap::new();
    let turns = Turns::default();
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        let settings = snapshot.settings;
        for till in settings.iter().flat_map(|settings| &settings.tills) {
            let device = till.scale.as_deref().and_then(|at| {
                let known = settings.as_ref()?.scale_at(at)?;
                Some((at.to_owned(), known.clone()))
            });
            let name = format!("{device:?}");
            let same =
                tasks.get(&till.id).is_some_and(|(of, task)| *of == name && !task.is_finished());
            if same {
                continue;
            }
            if let Some((_, old)) = tasks.remove(&till.id) {
                old.abort();
                let _closing = engine.set_lamps(till.id, vec![lamp(LampState::Ok, "none")]).await;
            }
            let Some((at, known)) = device else { continue };
            let beside = Beside { engine: engine.clone(), till: till.id, at, known, pace };
            let task = tokio::spawn(beside.run(Arc::clone(&turns)));
            tasks.insert(till.id, (name, task));
        }
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(pace.look) => {}
        }
    }
    for (_, (_, task)) in tasks {
        task.abort();
    }
}

/// The scale beside a till.
struct Beside {
    engine: Engine,
    till: TillId,
    at: String,
    known: ScaleSettings,
    pace: Pace,
}

impl Beside {
    async fn run(self, turns: Turns) {
        let turn = {
            let mut turns = turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(self.at.clone()).or_default())
        };
        let mut there = None;
        loop {
            let Ok(order) = self.engine.weighing(self.till).await else { return };
            let Some(order) = order.filter(|order| order.wanted.scale == self.at) else {
                tokio::select! {
                    biased;
                    () = self.engine.weighing_waits(self.till) => {}
                    () = self.watch(&turn, &mut there) => {}
                }
                continue;
            };
            tokio::select! {
                // Whoever rang meanwhile may have been heard already: what counts is what is waited for now.
                () = self.carry_out(&order, &turn) => self.changed(&order).await,
                () = self.changed(&order) => {}
            }
        }
    }

    /// Looks now and then whether a scale is there that nobody weighs at, so that its lamp says so before somebody wants to.
    /// Dropped as soon as somebody does.
    async fn watch(&self, turn: &Mutex<Memory>, there: &mut Option<bool>) {
        let mut soon = there.is_none();
        loop {
            if !soon {
                sleep(self.pace.idle).await;
            }
            soon = false;
            // Where another till weighs, it is.
            let Ok(_turn) = turn.try_lock() else { continue };
            let now = self.is_there().await;
            if *there == Some(now) {
                continue;
            }
            let shown =
                if now { lamp(LampState::Ok, "ok") } else { lamp(LampState::Bad, "scale_gone") };
            if self.engine.set_lamps(self.till, vec![shown]).await.is_err() {
                return;
            }
            *there = Some(now);
        }
    }

    /// Whether the scale takes a connection and keeps it; nothing is said to it.
    async fn is_there(&self) -> bool {
        let Ok(place) = self.at.parse::<Place>() else { return false };
        let serial = machine::serial(self.known.line.unwrap_or(self.known.protocol.usual_line()));
        let opened = line::open(&place, serial, self.pace.scale.connect).await;
        let Ok(mut line) = opened else { return false };
        // What has a file here is there as long as the file can be opened.
        if !matches!(line, Line::Net(_)) {
            return true;
        }
        !matches!(timeout(KEPT, line.read(&mut [0])).await, Ok(Ok(0) | Err(_)))
    }

    /// Returns when nobody waits for this order any more, or it is to be asked anew.
    async fn changed(&self, order: &Order) {
        loop {
            match self.engine.weighing(self.till).await {
                Ok(Some(now)) if now.id == order.id && now.round == order.round => {
                    self.engine.weighing_waits(self.till).await;
                }
                _ => return,
            }
        }
    }

    /// Asks until something was weighed, or never will be. Given up by being dropped.
    async fn carry_out(&self, order: &Order, turn: &Mutex<Memory>) {
        let price = u32::try_from(order.wanted.unit_price.minor()).unwrap_or_default();
        let Some(goods) = Goods::new(price, order.tare, &order.wanted.name) else {
            return self.note(order, WeighingNote::PriceRefused).await;
        };
        let (scale, line) = match self.scale().await {
            Ok(known) => known,
            Err(note) => return self.note(order, note).await,
        };
        let Ok(place) = self.at.parse::<Place>() else {
            return self.note(order, WeighingNote::Unreachable).await;
        };
        let mut memory = match turn.try_lock() {
            Ok(memory) => memory,
            // Another till weighs there.
            Err(_) => {
                self.note(order, WeighingNote::Busy).await;
                turn.lock().await
            }
        };
        let mut session = Session::new(scale, goods, *memory, random());
        loop {
            let (told, mut hears) = mpsc::unbounded_channel();
            let conversing = async {
                let mut line = line::open(&place, line, self.pace.scale.connect).await?;
                converse(&mut line, &mut session, self.pace.scale, |state, seen| {
                    let _ = told.send((note_of(state), seen));
                })
                .await
            };
            // What was seen of the load is remembered even if this weighing is given up.
            let noting = async {
                while let Some((note, seen)) = hears.recv().await {
                    *memory = seen;
                    self.note(order, note).await;
                }
            };
            let ended = tokio::select! {
                ended = conversing => ended,
                () = noting => continue,
            };
            *memory = session.memory();
            match ended {
                Ok(Ok(weighing)) => return self.weighed(order, &weighing).await,
                Ok(Err(fault)) => return self.note(order, fault_of(fault)).await,
                // It may come back.
                Err(_) => {
                    self.note(order, WeighingNote::Unreachable).await;
                    tokio::time::sleep(self.pace.scale.pause).await;
                }
            }
        }
    }

    async fn note(&self, order: &Order, note: WeighingNote) {
        // When the shop closes down, nobody looks any more.
        let _closing = self.engine.note_weighing(self.till, order, note).await;
    }

    async fn weighed(&self, order: &Order, weighing: &Weighing) {
        let grams = |grams: u32| Quantity::new(i64::from(grams));
        let weighed = Weighed {
            scale: self.at.clone(),
            net: grams(weighing.net()),
            tare: grams(weighing.tare()),
            unit_price: Money::new(i64::from(weighing.unit_price())),
            price: weighing.price().map(|price| Money::new(i64::from(price))),
            version: scale::VERSION.to_owned(),
            hash: scale::HASH.to_owned(),
        };
        let asked = Box::new(order.asked.clone());
        let command = TillCommand::Weighed { asked, weighed: Box::new(weighed) };
        let answer = self.engine.till(order.id, self.till, order.actor, command).await;
        if answer.is_err() {
            self.note(order, WeighingNote::NotNow).await;
        }
    }

    /// What is known of the scale, with its secret.
    async fn scale(&self) -> Result<(Scale, SerialLine), WeighingNote> {
        let protocol = match self.known.protocol {
            ScaleProtocol::Dialog02 => Protocol::Dialog02,
            ScaleProtocol::Dialog04 => Protocol::Dialog04,
            ScaleProtocol::Dialog06 => Protocol::Dialog06,
            ScaleProtocol::Mettler8217 => Protocol::Mettler8217,
            ScaleProtocol::Sics => Protocol::Sics,
        };
        let keys = if protocol == Protocol::Dialog06 {
            Some(self.keys().await.ok_or(WeighingNote::SecretMissing)?)
        } else {
            None
        };
        let line = machine::serial(self.known.line.unwrap_or(self.known.protocol.usual_line()));
        Ok((Scale { protocol, least: self.known.least.unwrap_or(0), keys }, line))
    }

    async fn keys(&self) -> Option<Keys> {
        let key = secret_key(&self.at);
        let kept = self.engine.with_store(move |store| vault::kept_sealed(store, &key)).await;
        match kept.ok()?.ok()? {
            vault::Kept::Text(text) => Keys::parse(&text),
            vault::Kept::Nothing | vault::Kept::Lost => None,
        }
    }
}

/// Numbers that nobody can foresee; all the same when the system has none, which only makes a scale's challenge weaker.
fn random() -> [u16; 4] {
    let mut bytes = [0; 8];
    let _weaker = getrandom::fill(&mut bytes);
    let [a, b, c, d, e, f, g, h] = bytes;
    [[a, b], [c, d], [e, f], [g, h]].map(u16::from_be_bytes)
}

const fn note_of(state: State) -> WeighingNote {
    match state {
        State::Asking => WeighingNote::Asking,
        State::InMotion => WeighingNote::InMotion,
        State::NoLoadChange => WeighingNote::NoLoadChange,
        State::BelowMinimum => WeighingNote::BelowMinimum,
        State::Underload => WeighingNote::Underload,
        State::Overload => WeighingNote::Overload,
        State::Busy => WeighingNote::Busy,
        State::Garbled => WeighingNote::Garbled,
        State::Silent => WeighingNote::Silent,
    }
}

const fn fault_of(fault: Fault) -> WeighingNote {
    match fault {
        Fault::PriceRefused => WeighingNote::PriceRefused,
        Fault::TareRefused => WeighingNote::TareRefused,
        Fault::TextRefused => WeighingNote::TextRefused,
        Fault::SecretMissing => WeighingNote::SecretMissing,
        Fault::SecretRefused => WeighingNote::SecretRefused,
        Fault::OtherPrice => WeighingNote::OtherPrice,
        Fault::FinerThanGrams => WeighingNote::FinerThanGrams,
        Fault::NotUnderstood => WeighingNote::NotUnderstood,
    }
}
