//! What these tests begin with: a reader with its provider, and a line that can break before any piece.

use std::sync::Arc;

use payment::driver::{Ask, Before, Identity, Progress, Reference, Talk};
use payment::line::{Dial, NotStored, Pace, run_over};
use payment::simulator::Controls;
use payment::simulator::sumup::{Setup, Simulator};
use payment::sumup::{Sumup, credential};
use payment::{Credential, Driver, End, Ledger, Said};
use tokio::io::DuplexStream;

use crate::adyen::kit::draw;
use crate::kit::{Book, euro};
use crate::records::{Below, Line, Pieces};

pub(crate) struct World {
    terminal: Arc<Simulator>,
    pub(crate) controls: Controls,
    pub(crate) line: Arc<Line>,
    pub(crate) driver: Sumup,
    pub(crate) reader: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(&Setup { automatic: Some(1_000), ..Setup::default() })
    }

    pub(crate) fn of(setup: &Setup) -> Self {
        let terminal = Arc::new(Simulator::start(setup).expect("there can be such a reader"));
        let (controls, there) = (terminal.controls(), Arc::clone(&terminal));
        let line = Line::to(Pieces::AsTheyCome, move |wire| there.attach_clear(wire));
        let at = (setup.merchant.as_str(), setup.reader.as_str());
        let driver = Sumup::new(at, terminal.secret(), ("EUR", 2), draw).expect("such a reader");
        let reader = setup.reader.clone();
        Self { terminal, controls, line, driver, reader }
    }

    pub(crate) async fn run(&self, talk: Talk, book: &mut Book) -> End {
        book.began = Some(tokio::time::Instant::now());
        let key = credential(self.terminal.secret()).expect("a key");
        let way = Clear { below: Below(Arc::clone(&self.line)), key };
        let mut watched = Watched { book, controls: self.controls.clone() };
        run_over(talk, &way, &Pace::default(), &mut watched).await
    }

    /// Runs it with a ledger that works.
    pub(crate) async fn just(&self, talk: Talk) -> End {
        self.run(talk, &mut Book::default()).await
    }

    /// A payment that nothing is wrong with, and what names it.
    pub(crate) async fn sale(&self, amount: i64) -> Reference {
        self.line.begin_anew(None);
        let End::Acknowledged(sale) = self.just(self.driver.pay(&euro(amount))).await else {
            panic!("nothing is wrong yet")
        };
        Reference { receipt: sale.receipt.expect("a number"), trace: sale.trace }
    }
}

/// What money is asked for; the same key each time, for the driver draws names of its own.
pub(crate) fn asked(amount: i64) -> Ask {
    euro(amount)
}

/// The line with what shows who asks.
struct Clear {
    below: Below,
    key: Credential,
}

impl Dial for Clear {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        self.below.dial().await
    }

    fn credential(&self) -> Option<&Credential> {
        Some(&self.key)
    }
}

/// A ledger that sees to it that nothing is asked for before it is on disk.
struct Watched<'a> {
    book: &'a mut Book,
    controls: Controls,
}

impl Ledger for Watched<'_> {
    async fn about(&mut self, before: &Before) -> Result<(), NotStored> {
        let stored = self.controls.view().entries.len();
        let done = self.book.about(before).await;
        let view = self.controls.view();
        assert!(view.asks.is_none() && view.entries.len() == stored, "asked, but not on disk");
        done
    }

    async fn outcome(&mut self, said: &Said) -> Result<(), NotStored> {
        self.book.outcome(said).await
    }

    async fn reported(&mut self, identity: &Identity) {
        self.book.reported(identity).await;
    }

    async fn progress(&mut self, progress: &Progress) {
        self.book.progress(progress).await;
    }

    async fn cancel_asked(&self) {
        self.book.cancel_asked().await;
    }
}
