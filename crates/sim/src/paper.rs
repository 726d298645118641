//! The printer of a seeded world: it fails in every way, and remembers each receipt that came out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use devices::printer::Timeouts;
use devices::simulator::{Answers, Ended, Faults, Job, Printer};
use domain::TillId;
use escpos::{DecodedOp, Profile};
use shop::clock::HandClock;
use shop::engine::Engine;
use shop::print::runner::{Pace, run_at};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::random::Random;

/// The till that prints.
pub const TILL: TillId = TillId(1);

const PACE: Pace = Pace {
    look: Duration::from_millis(20),
    timeouts: Timeouts {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(250),
        finish: Duration::from_millis(500),
    },
};

/// A printer, the runner that feeds it, and what came out so far.
pub struct Paper {
    printer: Printer,
    /// What the program's own tasks run in: gone with it, wherever they are.
    program: Option<Runtime>,
    came_out: BTreeMap<u64, String>,
}

impl Paper {
    /// A printer without faults; nobody prints yet.
    pub fn new(runtime: &Runtime) -> Result<Paper> {
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let printer = runtime.block_on(Printer::start(listen, Profile::generic_80mm()))?;
        Ok(Paper { printer, program: None, came_out: BTreeMap::new() })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.printer.address().to_string()
    }

    /// Prints what this engine has to print.
    pub fn feed(&mut self, engine: &Engine, clock: &Arc<HandClock>) -> Result<()> {
        let program = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        // Nobody asks it to end: it is cut off.
        let (stop, stopped) = watch::channel(false);
        let clock = Arc::<HandClock>::clone(clock);
        let run = run_at(engine.clone(), clock, stopped, PACE);
        program.spawn(async move {
            run.await;
            drop(stop);
        });
        self.program = Some(program);
        Ok(())
    }

    /// The program ends without warning, wherever it is in a job.
    pub fn cut_off(&mut self) {
        self.program = None;
    }

    /// Another fault, or none.
    pub fn trouble(&self, random: &mut Random) {
        let mut faults = Faults::default();
        match random.below(10) {
            0 => faults.paper_out = true,
            1 => faults.cover_open = true,
            2 => faults.answers = Answers::Mute,
            3 => faults.answers = Answers::Garbage,
            4 => faults.drop_after = usize::try_from(random.below(1_500)).ok(),
            5 => faults.paper_left = u32::try_from(random.below(60)).ok(),
            _ => {}
        }
        self.printer.set_faults(faults);
    }

    /// Notes what came out; the simulator keeps only the last jobs.
    pub fn look(&mut self) {
        for job in self.printer.jobs().iter().filter(|job| job.ended == Ended::Whole) {
            if let Some(code) = original(job) {
                self.came_out.insert(job.number, code);
            }
        }
    }

    /// The printer works again: what waits comes out. No receipt came out twice without being marked
    /// as a copy. Answers how many came out.
    pub fn settle(&mut self, runtime: &Runtime, engine: &Engine) -> Result<usize> {
        self.printer.set_faults(Faults::default());
        let done = runtime.block_on(async {
            // A bound for what hangs, not for what is slow.
            tokio::time::timeout(Duration::from_secs(60), idle(engine)).await
        });
        ensure!(matches!(done, Ok(Ok(()))), "jobs wait although the printer works: {done:?}");
        self.look();
        let mut times: BTreeMap<&str, u32> = BTreeMap::new();
        for code in self.came_out.values() {
            *times.entry(code).or_default() += 1;
        }
        for (code, times) in &times {
            ensure!(*times == 1, "{code} came out {times} times, not marked as a copy");
        }
        Ok(times.len())
    }
}

async fn idle(engine: &Engine) -> Result<()> {
    loop {
        let open = engine.with_store(|store| store.outbox_open(100_000)).await??;
        let waits = |row: &store::OutboxRow| {
            row.till == Some(TILL) && row.state == store::OutboxState::Waiting
        };
        if !open.iter().any(waits) {
            return Ok(());
        }
        tokio::time::sleep(PACE.look).await;
    }
}

/// The code of a receipt that is not marked as a copy.
fn original(job: &Job) -> Option<String> {
    let copy =
        job.ops.iter().any(|op| matches!(op, DecodedOp::Text(text) if text.contains("KOPIE")));
    let code = job.ops.iter().find_map(|op| match op {
        DecodedOp::Barcode { data, .. } => Some(data.clone()),
        _ => None,
    });
    code.filter(|_| !copy)
}
