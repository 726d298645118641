//! The terminal itself: one task that owns it, its line, its timers and its customer.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use ::zvt::apdu::{Decoder, Packet};
use ::zvt::codes::{ResultCode, intermediate_name};
use ::zvt::message::{Context, Message};
use ::zvt::terminal::{Customer, Deed, Settings, Terminal, TerminalTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};

use super::bent::{Device, leaking};
use super::view::{self, Fault, View};
use super::{Setup, Wire};
use crate::zvt;

/// Longest packet that a till sends, bytes.
const PACKET_MAX: usize = 4 * 1024;
/// How long the till may take to read.
const PATIENCE: Duration = Duration::from_secs(5);

/// What people do at the terminal.
pub(super) enum Order {
    Customer(Customer),
    Fault(Option<Fault>),
    Automatic(Option<u64>),
    Device(Device),
    Leak(bool),
}

pub(super) struct Desk {
    terminal: Terminal,
    settings: Settings,
    setup: Setup,
    wire: Option<Box<dyn Wire>>,
    decoder: Decoder,
    timer: Option<(TerminalTimer, Instant)>,
    reversal: Option<Instant>,
    /// When the next customer comes by themselves.
    comes: Option<Instant>,
    automatic: Option<u64>,
    split: bool,
    device: Device,
    leaks: bool,
    /// What was shown last, a stable code.
    shows: &'static str,
}

impl Desk {
    pub(super) fn new(setup: &Setup, settings: Settings) -> Self {
        Self {
            terminal: Terminal::new(settings.clone()),
            settings,
            automatic: setup.automatic,
            setup: setup.clone(),
            wire: None,
            decoder: Decoder::new(PACKET_MAX),
            timer: None,
            reversal: None,
            comes: None,
            split: false,
            device: Device::Own,
            leaks: false,
            shows: "ready",
        }
    }

    pub(super) fn view(&self) -> View {
        let waiting = self.terminal.waits_for_customer();
        let shows = match self.shows {
            "wrong_pin" => "wrong_pin",
            _ if waiting => "insert_card",
            _ if self.reversal.is_some() => "auto_reversal",
            shows => shows,
        };
        let planned = self.terminal.planned().next().map(Fault::Scripted);
        let fault = planned.or(self.split.then_some(Fault::SplitPackets));
        view::of(
            &self.terminal,
            &self.settings,
            view::Now { shows, waiting, fault, automatic: self.automatic, device: self.device },
        )
    }

    fn connected(&mut self, wire: Box<dyn Wire>) -> Vec<Deed> {
        self.wire = Some(wire);
        self.decoder = Decoder::new(PACKET_MAX);
        self.terminal.on_connected()
    }

    fn closed(&mut self) -> Vec<Deed> {
        self.wire = None;
        self.timer = None;
        self.comes = None;
        // How it ended stays to be read.
        if !matches!(self.shows, "approved" | "declined" | "aborted") {
            self.shows = "ready";
        }
        self.terminal.on_closed()
    }

    async fn took(&mut self, bytes: &[u8]) {
        self.decoder.push(bytes);
        while self.wire.is_some() {
            let deeds = match self.decoder.next_packet() {
                Ok(None) => return,
                Ok(Some(packet)) => {
                    if let Some(moment) = zvt::moment((self.setup.clock)()) {
                        self.terminal.set_moment(moment);
                    }
                    self.terminal.on_packet(&packet)
                }
                Err(_) => self.terminal.on_garbage(),
            };
            self.perform(deeds).await;
        }
    }

    async fn ordered(&mut self, order: Order) -> bool {
        match order {
            Order::Customer(customer) => {
                let waited = self.terminal.waits_for_customer();
                let deeds = self.terminal.customer(customer);
                self.perform(deeds).await;
                return waited;
            }
            Order::Fault(fault) => {
                self.terminal.forget_faults();
                self.split = fault == Some(Fault::SplitPackets);
                if let Some(Fault::Scripted(fault)) = fault {
                    self.terminal.plan(fault);
                }
            }
            Order::Device(device) => {
                self.device = device;
                self.terminal.exchange(device.of(&self.settings));
            }
            Order::Leak(on) => self.leaks = on,
            Order::Automatic(millis) => {
                self.automatic = millis;
                self.call_customer();
            }
        }
        true
    }

    fn call_customer(&mut self) {
        let millis = self.automatic.filter(|_| self.terminal.waits_for_customer());
        self.comes = millis.map(|millis| Instant::now() + Duration::from_millis(millis));
    }

    async fn timed_out(&mut self, timer: TerminalTimer) {
        match timer {
            TerminalTimer::Reversal => self.reversal = None,
            _ => self.timer = None,
        }
        let deeds = self.terminal.on_timer(timer);
        self.perform(deeds).await;
    }

    async fn perform(&mut self, deeds: Vec<Deed>) {
        let mut todo = std::collections::VecDeque::from(deeds);
        while let Some(deed) = todo.pop_front() {
            match deed {
                Deed::Send(wire) => {
                    self.show(&wire.0);
                    if !self.send(&wire.0).await {
                        todo.extend(self.closed());
                    }
                }
                Deed::StartTimer { timer, millis } => {
                    // Patience with people and tills is no work that could be hurried.
                    let works = matches!(timer, TerminalTimer::Host | TerminalTimer::Reversal);
                    let by = if works { self.setup.hurry.max(1) } else { 1 };
                    let at = Instant::now() + Duration::from_millis(u64::from(millis)) / by;
                    match timer {
                        TerminalTimer::Reversal => self.reversal = Some(at),
                        timer => self.timer = Some((timer, at)),
                    }
                }
                Deed::AskCustomer => {}
                Deed::Close => {
                    if let Some(mut wire) = self.wire.take() {
                        // A till that is gone already does not need to hear it.
                        let _told = timeout(PATIENCE, wire.shutdown()).await;
                    }
                    self.timer = None;
                }
            }
        }
        self.call_customer();
    }

    /// What the customer sees follows from what the terminal says to the till.
    fn show(&mut self, bytes: &[u8]) {
        let Ok(packet) = Packet::decode(bytes) else { return };
        match Message::decode(&packet, Context::default()) {
            Message::Intermediate(status) => self.shows = intermediate_name(status.code),
            Message::Status(status) if self.terminal.in_hand().is_some() => {
                self.shows = match status.result {
                    Some(ResultCode::OK) => "approved",
                    Some(ResultCode::CANCELLED) => "aborted",
                    Some(ResultCode::WRONG_PIN) => "wrong_pin",
                    _ => "declined",
                };
            }
            _ => {}
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> bool {
        let split = self.split;
        let leaked;
        let bytes = if self.leaks {
            leaked = leaking(bytes);
            leaked.as_slice()
        } else {
            bytes
        };
        let Some(wire) = &mut self.wire else { return true };
        let sending = async {
            if !split {
                wire.write_all(bytes).await?;
                return wire.flush().await;
            }
            for byte in bytes {
                wire.write_all(std::slice::from_ref(byte)).await?;
                wire.flush().await?;
                // The other side reads each by itself.
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        matches!(timeout(PATIENCE, sending).await, Ok(Ok(())))
    }
}

/// Runs the terminal until nobody can reach it any more.
pub(super) async fn live(
    mut desk: Desk,
    mut lines: mpsc::Receiver<Box<dyn Wire>>,
    mut orders: mpsc::Receiver<(Order, oneshot::Sender<bool>)>,
    show: watch::Sender<Arc<View>>,
) {
    let mut buffer = vec![0; PACKET_MAX];
    loop {
        show.send_replace(Arc::new(desk.view()));
        tokio::select! {
            biased;
            order = orders.recv() => {
                let Some((order, done)) = order else { return };
                let carried_out = desk.ordered(order).await;
                show.send_replace(Arc::new(desk.view()));
                // Whoever asked may have gone.
                let _told = done.send(carried_out);
            }
            line = lines.recv(), if desk.wire.is_none() => {
                let Some(line) = line else { return };
                let deeds = desk.connected(line);
                desk.perform(deeds).await;
            }
            count = read(&mut desk.wire, &mut buffer) => {
                match buffer.get(..count) {
                    Some(bytes) if count > 0 => desk.took(bytes).await,
                    _ => {
                        let deeds = desk.closed();
                        desk.perform(deeds).await;
                    }
                }
            }
            () = until(desk.timer.map(|(_, at)| at)) => {
                if let Some((timer, _)) = desk.timer {
                    desk.timed_out(timer).await;
                }
            }
            () = until(desk.reversal) => desk.timed_out(TerminalTimer::Reversal).await,
            () = until(desk.comes) => {
                desk.comes = None;
                let deeds = desk.terminal.customer(Customer::Tap);
                desk.perform(deeds).await;
            }
        }
    }
}

async fn read(wire: &mut Option<Box<dyn Wire>>, buffer: &mut [u8]) -> usize {
    match wire {
        Some(wire) => wire.read(buffer).await.unwrap_or(0),
        None => pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}
