//! A simulated cash machine over a real line: payments, and what is left to find out when the line breaks.

use std::sync::Arc;
use std::time::Duration;

use devices::cash_machine::{Desk, Ended, Pace, converse};
use devices::simulator::cash_machine::CashMachine;
use devices::simulator::stand::{Fault, Stand};
use glory::session::{Login, Outcome, Progress, Wanted, Why};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const PACE: Pace =
    Pace { answer: Duration::from_millis(700), customer: Duration::from_millis(1_500) };

/// Remembers what was stored, and does something at the counter when the machine waits for money.
#[derive(Default)]
struct Counter {
    before: Option<u64>,
    said: Vec<Progress>,
    act: Option<Box<dyn FnMut() + Send>>,
}

impl Desk for Counter {
    async fn store(&mut self, before: u64) -> bool {
        self.before = Some(before);
        true
    }

    fn say(&mut self, progress: Progress) {
        self.said.push(progress);
        if progress == Progress::Waiting
            && let Some(mut act) = self.act.take()
        {
            act();
        }
    }
}

async fn start() -> Arc<Stand<CashMachine>> {
    let listen = "127.0.0.1:0".parse().unwrap();
    Arc::new(Stand::start(listen, CashMachine::new()).await.unwrap())
}

fn pay(number: u64) -> Wanted {
    Wanted::Pay { amount: 1_230, number }
}

async fn ask(
    machine: &Stand<CashMachine>,
    wanted: Wanted,
    counter: &mut Counter,
    cancel: Option<mpsc::UnboundedReceiver<()>>,
) -> Ended {
    let address = machine.address().to_string();
    let mut line = TcpStream::connect(&address).await.unwrap();
    let mut next = 0_u8;
    let mut random = move || {
        next = next.wrapping_add(1);
        [next; 4]
    };
    let (_keep, none) = mpsc::unbounded_channel();
    let mut cancel = cancel.unwrap_or(none);
    let login = Login { user: "kasse".to_owned(), password: "x".to_owned() };
    let about = (address.as_str(), wanted, login);
    converse(&mut line, about, (PACE, &mut random), &mut cancel, counter).await
}

/// Somebody puts these in once the machine waits for them.
fn puts(machine: &Arc<Stand<CashMachine>>, values: &'static [u64]) -> Counter {
    let machine = Arc::clone(machine);
    let act = move || {
        let machine = Arc::clone(&machine);
        tokio::spawn(async move {
            let mut changes = machine.changes();
            while machine.with(|m| m.wants()).is_none() {
                let _ = changes.changed().await;
            }
            for value in values {
                machine.with(|m| m.put(*value));
            }
        });
    };
    Counter { act: Some(Box::new(act)), ..Counter::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_pays_and_gets_the_change() {
    let machine = start().await;
    let before = machine.with(|m| m.holds());
    let mut counter = puts(&machine, &[1_000, 500]);
    let ended = ask(&machine, pay(1), &mut counter, None).await;
    let Ended::Outcome(Outcome::Paid { inserted: 1_500, dispensed: 270, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(machine.with(|m| m.holds()), before + 1_230);
    assert_eq!(counter.before, Some(before));
    assert!(counter.said.contains(&Progress::Inserted(1_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_number_takes_the_money_once() {
    let machine = start().await;
    let ended = ask(&machine, pay(1), &mut puts(&machine, &[1_000, 200, 20, 10]), None).await;
    assert!(matches!(ended, Ended::Outcome(Outcome::Paid { .. })), "{ended:?}");
    let holds = machine.with(|m| m.holds());
    let again = ask(&machine, pay(1), &mut Counter::default(), None).await;
    assert_eq!(again, Ended::Outcome(Outcome::Unknown(Why::Duplicate)));
    assert_eq!(machine.with(|m| m.holds()), holds);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_given_up_gives_the_money_back() {
    let machine = start().await;
    let before = machine.with(|m| m.holds());
    let (tell, cancel) = mpsc::unbounded_channel();
    let at = Arc::clone(&machine);
    let act = move || {
        let (at, tell) = (Arc::clone(&at), tell.clone());
        tokio::spawn(async move {
            let mut changes = at.changes();
            while at.with(|m| m.wants()).is_none() {
                let _ = changes.changed().await;
            }
            at.with(|m| m.put(500));
            let _ = tell.send(());
        });
    };
    let mut counter = Counter { act: Some(Box::new(act)), ..Counter::default() };
    let ended = ask(&machine, pay(1), &mut counter, Some(cancel)).await;
    assert_eq!(ended, Ended::Outcome(Outcome::NotPaid(Why::Cancelled)));
    assert_eq!(machine.with(|m| m.holds()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_not_taken_for_paid() {
    let machine = start().await;
    machine.with(|m| [1, 2, 5, 10, 20, 50].into_iter().for_each(|value| m.empty(value)));
    let ended = ask(&machine, pay(1), &mut puts(&machine, &[1_000, 500]), None).await;
    assert_eq!(ended, Ended::Outcome(Outcome::NotPaid(Why::ChangeShort)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_breaks_no_money_is_said_to_have_moved_that_has_not_and_none_to_have_not_that_has()
{
    for name in Fault::names().filter(|name| *name != "none") {
        let fault = match Fault::named(name).unwrap() {
            Fault::Slow(_) => Fault::Slow(Duration::from_millis(900)),
            fault => fault,
        };
        // Before anything was asked for.
        let machine = start().await;
        let before = machine.with(|m| m.holds());
        machine.set_fault(fault);
        let ended = ask(&machine, pay(1), &mut Counter::default(), None).await;
        assert!(matches!(ended, Ended::Outcome(Outcome::NotPaid(_))), "{name}: {ended:?}");
        assert_eq!(machine.with(|m| (m.holds(), m.wants())), (before, None), "{name}");
        // While the customer pays.
        let machine = start().await;
        let at = Arc::clone(&machine);
        let act = move || at.set_fault(fault);
        let mut counter = Counter { act: Some(Box::new(act)), ..Counter::default() };
        let ended = ask(&machine, pay(2), &mut counter, None).await;
        assert!(matches!(ended, Ended::Outcome(Outcome::Unknown(_))), "{name}: {ended:?}");
        // Right again: it is found out, with the money given back that somebody has put in.
        machine.set_fault(Fault::None);
        machine.with(|m| m.put(500));
        let found = Wanted::FindOut { amount: 1_230, before: counter.before.unwrap() };
        let ended = ask(&machine, found, &mut Counter::default(), None).await;
        let gave_up = Outcome::NotPaid(Why::Cancelled);
        let nobody_knows = Outcome::Unknown(Why::Figures);
        assert!(
            ended == Ended::Outcome(gave_up) || ended == Ended::Outcome(nobody_knows),
            "{name}: {ended:?}"
        );
        assert_eq!(machine.with(|m| (m.holds(), m.wants())), (before, None), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_whose_answer_was_lost_is_found_by_what_the_machine_holds() {
    let machine = start().await;
    let at = Arc::clone(&machine);
    let act = move || at.set_fault(Fault::Mute);
    let mut counter = Counter { act: Some(Box::new(act)), ..Counter::default() };
    // The machine heard the request before it fell silent only if it says that it waits.
    let lost = ask(&machine, pay(1), &mut counter, None).await;
    assert!(matches!(lost, Ended::Outcome(Outcome::Unknown(_))), "{lost:?}");
    machine.set_fault(Fault::None);
    let before = counter.before.unwrap();
    // Whether it heard the request before it fell silent is chance. If so it waits for money still, and is told to give up.
    if machine.with(|m| m.wants()).is_some() {
        let left = Wanted::FindOut { amount: 1_230, before };
        let ended = ask(&machine, left, &mut Counter::default(), None).await;
        assert!(!matches!(ended, Ended::Outcome(Outcome::Paid { .. })), "{ended:?}");
    }
    let paid = ask(&machine, pay(2), &mut puts(&machine, &[1_000, 200, 20, 10]), None).await;
    assert!(matches!(paid, Ended::Outcome(Outcome::Paid { .. })), "{paid:?}");
    let found = Wanted::FindOut { amount: 1_230, before };
    let ended = ask(&machine, found, &mut Counter::default(), None).await;
    assert!(matches!(ended, Ended::Outcome(Outcome::Paid { .. })), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_holds_is_told_and_collected() {
    let machine = start().await;
    let Ended::Inventory(told) =
        ask(&machine, Wanted::Inventory, &mut Counter::default(), None).await
    else {
        panic!("no inventory");
    };
    assert_eq!(told.sum(4), Some(machine.with(|m| m.holds())));
    let amount = machine.with(|m| m.holds());
    let ended = ask(&machine, Wanted::Collect { amount }, &mut Counter::default(), None).await;
    assert_eq!(ended, Ended::Collected);
    assert_eq!(machine.with(|m| m.holds()), 0);
    let html = machine.page_html();
    assert!(html.contains("class=\"sign\">Simulator</span>") && html.contains("It holds 0.00"));
}
