//! What became of what was asked: [`zvt::recovery`](::zvt::recovery) as a conversation. It only asks.

use ::zvt::command::Command;
use ::zvt::known::Known;
use ::zvt::recovery::{Attempt, Recovery, Step, Verdict};
use ::zvt::session::Ending;

use super::link::{Event, Link};
use super::{Order, Zvt, told};
use crate::driver::{Approved, Ask, Before, Conversation, End, Input, Output, Progress, Said, Why};

/// How far the terminal's clock may lie from the shop's, minutes. A payment itself takes some of them.
const SLACK_MINUTES: u32 = 15;

enum Stage {
    /// With what begins, or why nothing can be found out.
    New(Result<Step, &'static str>),
    Connecting,
    /// Between two questions.
    Pausing(Box<Command>),
    Talking,
    /// The caller puts the yes on disk.
    Storing(Box<Approved>),
    Over,
}

pub(super) struct FindingOut {
    zvt: Zvt,
    plan: Option<(Order, Recovery)>,
    known: Known,
    link: Link,
    stage: Stage,
}

impl FindingOut {
    pub(super) fn new(
        zvt: &Zvt,
        order: Result<Order, &'static str>,
        ask: &Ask,
        before: &Before,
    ) -> Self {
        let mut known = told::read_before(before, zvt.currency);
        known.terminal = known.terminal.or(zvt.terminal);
        let (plan, first) = match order {
            Err(code) => (None, Err(code)),
            Ok(order) => {
                let attempt = Attempt {
                    command: order.command.clone(),
                    known,
                    began: ask.at.and_then(told::moment),
                    slack_minutes: SLACK_MINUTES,
                };
                let (recovery, step) = Recovery::begin(attempt, zvt.registration());
                (Some((order, recovery)), Ok(step))
            }
        };
        let (zvt, link) = (zvt.clone(), Link::new(zvt.slack));
        Self { zvt, plan, known, link, stage: Stage::New(first) }
    }

    fn over(&mut self, end: End, out: &mut Vec<Output>) {
        self.stage = Stage::Over;
        out.push(Output::Done(end));
    }

    fn step(&mut self, step: Step, out: &mut Vec<Output>) {
        match step {
            Step::Connect { after_millis } => {
                self.link = Link::new(self.zvt.slack);
                self.stage = Stage::Connecting;
                out.push(Output::Progress(Progress { code: "finding_out", text: None }));
                out.push(Output::Connect { after: after_millis });
            }
            Step::Run { command, after_millis: 0 } => self.ask(*command, out),
            Step::Run { command, after_millis } => {
                self.stage = Stage::Pausing(command);
                out.push(Output::StartTimer { after: after_millis, pause: true });
            }
            Step::Done(verdict) => self.verdict(verdict, out),
        }
    }

    fn ask(&mut self, command: Command, out: &mut Vec<Output>) {
        self.stage = Stage::Talking;
        // The answer is the plan's to judge, not the session's.
        let event = self.link.begin(command, Known::default(), out);
        self.decide(event, out);
    }

    fn decide(&mut self, event: Option<Event>, out: &mut Vec<Output>) {
        match event {
            // It was stored by the terminal long ago.
            Some(Event::Outcome(_)) => {
                let event = self.link.answer(true, out);
                self.decide(event, out);
            }
            Some(Event::Ended(ending)) => self.ended(&ending, out),
            None => {}
        }
    }

    fn ended(&mut self, ending: &Ending, out: &mut Vec<Output>) {
        if let Ending::Completed { completion, .. } = ending {
            let said = told::registered_as(completion);
            out.extend(said.map(|said| Output::Reported(Box::new(said))));
        }
        if let Some((_, recovery)) = &mut self.plan {
            let step = recovery.on_ended(ending);
            self.step(step, out);
        }
    }

    fn connected(&mut self, up: bool, out: &mut Vec<Output>) {
        if let Some((_, recovery)) = &mut self.plan {
            let step = recovery.on_connected(up);
            self.step(step, out);
        }
    }

    fn verdict(&mut self, verdict: Verdict, out: &mut Vec<Output>) {
        match verdict {
            Verdict::NotStored => {
                self.over(End::NoMoney(Said::Cancelled { code: "not_booked" }), out);
            }
            Verdict::StillUnknown(doubt) => {
                self.over(End::Unknown { why: told::why(doubt), detail: doubt.code() }, out);
            }
            Verdict::Approved(status) => {
                let Some((order, _)) = &self.plan else { return };
                match order.misfit(&self.known, &status) {
                    Some((why, detail)) => self.over(End::Unknown { why, detail }, out),
                    None => {
                        let approved = Box::new(order.approved(&status, self.zvt.currency));
                        self.stage = Stage::Storing(approved.clone());
                        out.push(Output::Outcome(Said::Approved(approved)));
                    }
                }
            }
        }
    }

    fn closed(&mut self, out: &mut Vec<Output>) {
        match &self.stage {
            Stage::Connecting => self.connected(false, out),
            Stage::Talking => {
                let event = self.link.closed(out);
                self.decide(event, out);
            }
            // It is seen when the next question is asked; an answer that is there needs no connection.
            Stage::Pausing(_) | Stage::New(_) | Stage::Storing(_) | Stage::Over => {}
        }
    }
}

impl Conversation for FindingOut {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        let mut out = Vec::new();
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        match (stage, input) {
            (Stage::New(Ok(step)), Input::Begin) => self.step(step, &mut out),
            (Stage::New(Err(detail)), Input::Begin) => {
                self.over(End::Unknown { why: Why::NothingToCompare, detail }, &mut out);
            }
            (Stage::Pausing(command), Input::Timer) => self.ask(*command, &mut out),
            (Stage::Storing(approved), Input::Stored) => {
                self.over(End::Acknowledged(approved), &mut out);
            }
            (Stage::Storing(_), Input::NotStored) => {
                self.over(End::Unknown { why: Why::NotStored, detail: "not_stored" }, &mut out);
            }
            (stage, input) => {
                self.stage = stage;
                match (&self.stage, input) {
                    (Stage::Connecting, Input::Connected) => self.connected(true, &mut out),
                    (Stage::Connecting, Input::Unreachable | Input::NotTrusted) => {
                        self.connected(false, &mut out)
                    }
                    (Stage::Talking, Input::Timer) => {
                        let event = self.link.timeout(&mut out);
                        self.decide(event, &mut out);
                    }
                    (_, Input::Bytes(bytes)) => self.link.push(bytes),
                    (_, Input::Closed) => self.closed(&mut out),
                    _ => {}
                }
            }
        }
        while matches!(self.stage, Stage::Talking)
            && let Some(event) = self.link.read(&mut out)
        {
            self.decide(Some(event), &mut out);
        }
        out
    }
}
