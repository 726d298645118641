//! Money reserved at a simulated terminal that fails in every way it can, while the shop's program ends at
//! every step: what is open and what was booked is the same in the shop's books and the terminal's, or the
//! shop says that it does not know.

use domain::payment::AttemptState;
use domain::settings::TerminalProtocol;
use domain::terminal_day::ClosingState;
use domain::{AttemptId, Event, TillCommand};
use payment::simulator::Fault;
use shop::api::view::{TillView, Truth};

use crate::engine_cards::{CARD, Lane, faults};
use crate::engine_kit::{euros, scan};
use crate::engine_printing::blocking;

const RESERVED: i64 = 5_000;

fn reserve() -> TillCommand {
    TillCommand::Reserve { amount: euros(RESERVED), note: "Pavillon".to_owned(), terminal: None }
}

/// Nothing is asked of a terminal, and nothing is in doubt.
fn quiet(view: &TillView) -> bool {
    let over = |truth| !matches!(truth, Truth::Running | Truth::Unknown);
    view.doubts.is_empty()
        && view.reserving.as_ref().is_none_or(|one| over(one.truth))
        && view.payment.as_ref().is_none_or(|one| over(one.truth))
}

#[derive(Debug, Clone, Copy)]
enum Doing {
    Reserve,
    Book,
    Release,
}

impl Lane {
    async fn open(&self) -> Vec<(AttemptId, i64)> {
        let view = self.kit.engine.view(domain::TillId(1)).await.expect("a view");
        let open = view.reservations.iter();
        open.map(|one| (one.reservation, one.amount.amount.minor())).collect()
    }

    /// What the terminal still holds, of one kind.
    fn standing(&self, kind: &str) -> Vec<i64> {
        let view = self.terminal.controls().view();
        let standing = view.entries.iter().filter(|e| e.kind == kind && !e.settled);
        standing.map(|e| e.amount).collect()
    }

    /// One reservation, whatever the terminal does before that.
    async fn reserved(&mut self) -> AttemptId {
        if self.open().await.is_empty() {
            self.terminal.controls().choose(None).await;
            self.send(reserve()).await;
            self.until(|view| quiet(view) && !view.reservations.is_empty()).await;
        }
        self.open().await[0].0
    }

    /// What the customer takes along of the newest reservation.
    async fn reservation_paper(&self) -> String {
        let snapshot = self.kit.engine.snapshot().await.expect("running");
        let (path, seq, settings) = (self.kit.file(), snapshot.seq, snapshot.settings);
        blocking(move || {
            let reader = store::Reader::open(&path).expect("a reader");
            let found = (1..=seq).rev().find_map(|seq| match reader.entry(seq).expect("read")? {
                (meta, Event::MoneyReserved(reserved)) => Some((meta, reserved)),
                _ => None,
            });
            let (meta, reserved) = found.expect("a reservation");
            let settings = settings.expect("set up");
            let slip = shop::print::reservation_slip(&settings, "Anna", &meta, &reserved);
            receipt::render_text(&receipt::receipt_document(&slip), 42)
        })
        .await
    }

    async fn begin(&mut self, doing: Doing, fault: Option<Fault>) {
        let command = match doing {
            Doing::Reserve => reserve(),
            Doing::Book => {
                let reservation = self.reserved().await;
                self.send(scan(1)).await;
                TillCommand::PayReserved { reservation, amount: None }
            }
            Doing::Release => {
                TillCommand::ReleaseReservation { reservation: self.reserved().await }
            }
        };
        self.terminal.controls().choose(fault).await;
        self.send(command).await;
    }

    async fn agrees(&mut self, told: &str) {
        let view = self.until(quiet).await;
        let ours: Vec<i64> = view.reservations.iter().map(|r| r.amount.amount.minor()).collect();
        assert_eq!(ours, self.standing("reservation"), "{told}: what is open");
        assert_eq!(self.booked().await, self.standing("booking"), "{told}: what was booked");
        assert!(self.standing("payment").is_empty(), "{told}");
        self.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_booked_as_a_tender_another_is_released_and_the_terminals_day_knows_one_payment()
{
    let mut lane = Lane::start(Some(0)).await;
    lane.send(reserve()).await;
    let view = lane.until(|view| quiet(view) && !view.reservations.is_empty()).await;
    let open = &view.reservations[0];
    assert!(open.settles && open.receipt.is_some(), "{open:?}");
    assert!(open.card.as_ref().is_some_and(|card| card.contains("****")), "{open:?}");
    assert_eq!((open.note.as_str(), open.days), ("Pavillon", 0));
    assert!(view.reserves && view.basket.is_none() && lane.booked().await.is_empty());
    let first = open.reservation;
    let paper = lane.reservation_paper().await;
    for told in ["RESERVIERUNG – NICHT BEZAHLT", "Reserviert", "50,00", "Pavillon", "****"] {
        assert!(paper.contains(told), "{told}: {paper}");
    }
    lane.send(reserve()).await;
    lane.until(|view| quiet(view) && view.reservations.len() == 2).await;
    lane.crash().await;
    assert_eq!(lane.open().await.len(), 2, "open after a start, too");
    lane.send(scan(1)).await;
    lane.send(TillCommand::PayReserved { reservation: first, amount: None }).await;
    assert!(lane.settled().await);
    let second = lane.open().await[0].0;
    assert_eq!(lane.booked().await, lane.standing("booking"));
    lane.send(TillCommand::ReleaseReservation { reservation: second }).await;
    lane.until(|view| quiet(view) && view.reservations.is_empty()).await;
    assert!(lane.standing("reservation").is_empty());
    lane.send(scan(2)).await;
    lane.send(CARD).await;
    assert!(lane.settled().await);
    // One more stays open over the terminal's day.
    lane.send(reserve()).await;
    lane.until(|view| quiet(view) && view.reservations.len() == 1).await;
    lane.close_terminal().await;
    let closing = lane.closed().await;
    assert!(closing.state == ClosingState::Closed && closing.matches, "{closing:?}");
    assert_eq!(closing.ours[0].count, 2, "a booking and a payment: {closing:?}");
    assert_eq!(closing.ours[0].sum.minor(), lane.booked().await.iter().sum::<i64>());
    assert_eq!((lane.open().await.len(), lane.standing("reservation").len()), (1, 1));
    let reservation = lane.open().await[0].0;
    lane.send(scan(3)).await;
    lane.send(TillCommand::PayReserved { reservation, amount: Some(euros(1)) }).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.len() == 1)).await;
    assert_eq!(lane.standing("booking"), [1], "the next day");
    lane.send(TillCommand::UndoTender).await;
    lane.until(|view| view.basket.as_ref().is_some_and(|b| b.tenders.is_empty())).await;
    assert!(lane.standing("booking").is_empty() && lane.open().await.is_empty());
    lane.tables_are_folds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_at_the_terminal_what_is_reserved_and_booked_is_the_same_on_both_sides() {
    let mut lane = Lane::start(Some(0)).await;
    let mut combinations = 0_u32;
    for doing in [Doing::Reserve, Doing::Book, Doing::Release] {
        for fault in faults() {
            let told = format!("{doing:?} {}", fault.map_or("none", Fault::name));
            lane.begin(doing, fault).await;
            lane.agrees(&told).await;
            combinations += 1;
            lane.terminal.controls().choose(None).await;
        }
    }
    println!("{combinations} combinations of a fault and a step of a reservation");
    lane.end().await;
}

/// Every one of [`faults`] at every step, and the program ended at every state that it passes through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_program_ends_what_is_reserved_and_booked_is_the_same_afterwards() {
    let mut lane = Lane::start(Some(0)).await;
    let mut combinations = 0_u32;
    for doing in [Doing::Reserve, Doing::Book, Doing::Release] {
        for fault in faults() {
            for stage in 0..4 {
                let name = fault.map_or("none", Fault::name);
                lane.begin(doing, fault).await;
                // Ended as soon as it has come so far, or is over.
                loop {
                    let far = match lane.attempt().await {
                        Some(AttemptState::Intended) => 0,
                        Some(AttemptState::Sent) => 1,
                        Some(AttemptState::Recorded) => 2,
                        Some(AttemptState::InDoubt { .. }) => 3,
                        None => 4,
                    };
                    if far >= stage {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
                lane.crash().await;
                combinations += 1;
                lane.agrees(&format!("{doing:?} {name}, ended at stage {stage}")).await;
                lane.terminal.controls().choose(None).await;
            }
        }
    }
    println!(
        "{combinations} combinations of a fault, a step of a reservation and a program that ends"
    );
    lane.tables_are_folds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_takes_time_can_be_given_up_and_nothing_is_reserved() {
    let mut lane = Lane::start(None).await;
    lane.send(reserve()).await;
    lane.terminal.controls().wait_until(|view| view.waiting).await.expect("it waits");
    let view = lane.until(|view| view.reserving.as_ref().is_some_and(|one| one.can_cancel)).await;
    assert_eq!(view.reserving.as_ref().map(|one| one.purpose.as_str()), Some("reservation"));
    lane.send(TillCommand::CancelReserving).await;
    let view = lane.until(quiet).await;
    let failed = view.reserving.as_ref().map(|one| (one.truth, one.code.as_str()));
    assert_eq!(failed, Some((Truth::NotCharged, "cashier")));
    assert!(lane.open().await.is_empty() && lane.standing("reservation").is_empty());
    lane.end().await;
}

#[test]
fn only_terminals_whose_driver_reserves_are_said_to() {
    let zvt = payment::zvt::Zvt::new("000000", "EUR").expect("a driver");
    let reserves = payment::Driver::capabilities(&zvt).reserve;
    for protocol in
        [TerminalProtocol::ZvtTcp, TerminalProtocol::ZvtTls, TerminalProtocol::ZvtSerial]
    {
        assert_eq!(protocol.reserves(), reserves, "{protocol:?}");
    }
    for other in
        [TerminalProtocol::SumupCloud, TerminalProtocol::AdyenLocal, TerminalProtocol::AdyenCloud]
    {
        assert!(!other.reserves(), "{other:?}: no driver of these can");
    }
}
