//! One connection to the simulated printer.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use escpos::{DecodedOp, Decoder, Language, PaperAnswer, Profile, Query, StarDecoder, StarStatus};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{Answers, Ended, Shared};

/// Like a printer's buffer: when so much waits, no more is read.
const BUFFER_MAX: usize = 50_000;

/// Understands the language that the printer is set to.
enum Ear {
    EscPos(Decoder),
    Star(StarDecoder),
}

impl Ear {
    fn new(profile: &Profile) -> Self {
        match profile.language {
            Language::Star => Self::Star(StarDecoder::new(profile)),
            Language::EscPos | Language::Epos => Self::EscPos(Decoder::new(profile)),
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Vec<DecodedOp> {
        match self {
            Self::EscPos(decoder) => decoder.push(bytes),
            Self::Star(decoder) => decoder.push(bytes),
        }
    }

    fn finish(&mut self) -> Option<DecodedOp> {
        match self {
            Self::EscPos(decoder) => decoder.finish(),
            Self::Star(decoder) => decoder.finish(),
        }
    }
}

/// Between two states that nobody asked for.
const FLOOD_PAUSE: Duration = Duration::from_millis(1);

struct Session {
    shared: Arc<Shared>,
    decoder: Ear,
    waiting: VecDeque<DecodedOp>,
    /// The job that is coming out.
    job: Option<u64>,
    bytes: usize,
    auto_status: Option<[u8; 4]>,
    broken: bool,
}

/// Serves the connection until it ends and everything it brought has come out: like a real printer, it prints what
/// waits in its buffer when the paper is back, even if nobody listens any more.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: Arc<Shared>) {
    let mut changes = shared.changed.subscribe();
    let mut session = Session {
        decoder: Ear::new(&shared.profile),
        shared,
        waiting: VecDeque::new(),
        job: None,
        bytes: 0,
        auto_status: None,
        broken: false,
    };
    let mut stream = Some(stream);
    let mut buffer = vec![0; 4096];
    loop {
        changes.mark_unchanged();
        let mut answers = session.work_off();
        answers.extend(session.automatic());
        let flood = session.flood();
        // Before the answers, so that whoever takes a piece of a block for the answer does so in every run.
        let flooding = stream.is_some() && !flood.is_empty();
        if flooding {
            answer_in_pieces(&session.shared, stream.as_mut(), flood).await;
        }
        answer(&session.shared, stream.as_mut(), &answers).await;
        if stream.is_none() && session.waiting.is_empty() {
            break;
        }
        let room = session.waiting.len() < BUFFER_MAX;
        tokio::select! {
            read = read(stream.as_mut(), &mut buffer), if room && stream.is_some() => {
                let now = session.take(read);
                answer(&session.shared, stream.as_mut(), &now).await;
                if session.broken || read.is_empty() {
                    stream = None;
                    session.finish_stream();
                }
            }
            changed = changes.changed() => if changed.is_err() { break },
            () = tokio::time::sleep(FLOOD_PAUSE), if flooding => {}
        }
    }
    session.end();
}

/// What has arrived; empty at the end of the connection.
async fn read<'a, S: AsyncRead + Unpin>(stream: Option<&mut S>, buffer: &'a mut [u8]) -> &'a [u8] {
    let Some(stream) = stream else { return &[] };
    let count = stream.read(buffer).await.unwrap_or(0);
    buffer.split_at_checked(count).map_or(&[], |(read, _)| read)
}

async fn answer<S: AsyncWrite + Unpin>(shared: &Shared, stream: Option<&mut S>, bytes: &[u8]) {
    let Some(stream) = stream.filter(|_| !bytes.is_empty()) else { return };
    let how = shared.state().faults.answers;
    let garbage = vec![if how == Answers::Garbage { 0xFF } else { 0 }; bytes.len()];
    let bytes = match how {
        Answers::Mute => return,
        Answers::Garbage | Answers::LowGarbage => &garbage,
        Answers::Normal => bytes,
        Answers::Late(delay) => {
            tokio::time::sleep(delay).await;
            bytes
        }
    };
    // A sender that went away is seen at the next read.
    let _gone = stream.write_all(bytes).await;
}

/// In two pieces, as a slow line brings it.
async fn answer_in_pieces<S: AsyncWrite + Unpin>(
    shared: &Shared,
    mut stream: Option<&mut S>,
    bytes: Vec<u8>,
) {
    for piece in bytes.chunks(2) {
        answer(shared, stream.as_deref_mut(), piece).await;
        tokio::task::yield_now().await;
    }
}

impl Session {
    /// Takes bytes; real-time questions are answered at once, everything else waits its turn.
    fn take(&mut self, mut read: &[u8]) -> Vec<u8> {
        let limit = self.shared.state().faults.drop_after;
        if let Some((before, _)) =
            limit.and_then(|limit| read.split_at_checked(limit.saturating_sub(self.bytes)))
        {
            read = before;
            self.broken = true;
        }
        self.bytes += read.len();
        self.shared.state().record(read);
        let mut answers = Vec::new();
        for op in self.decoder.push(read) {
            match op {
                DecodedOp::StatusRequest(_) if matches!(self.decoder, Ear::Star(_)) => {
                    let state = self.shared.state();
                    let star = StarStatus { status: state.status(), printed: Some(state.printed) };
                    answers.extend(star.to_bytes());
                }
                DecodedOp::StatusRequest(n) => {
                    let status = self.shared.state().status();
                    answers.extend(Query::from_number(n).map(|query| status.answer(query)));
                }
                DecodedOp::Recover(2) => self.waiting.clear(),
                DecodedOp::Recover(_) => {}
                op => self.waiting.push_back(op),
            }
        }
        answers
    }

    fn finish_stream(&mut self) {
        if let Some(rest) = self.decoder.finish() {
            self.broken = true;
            // Half a question makes no job.
            if self.job.is_some() || !self.waiting.is_empty() {
                self.waiting.push_back(rest);
            }
        }
    }

    /// Carries out what waits, as long as the printer can; gives the answers to queued questions.
    fn work_off(&mut self) -> Vec<u8> {
        let mut answers = Vec::new();
        let shared = Arc::clone(&self.shared);
        let mut worked = false;
        let mut state = shared.state();
        while state.status().problem().is_none() && !state.faults.busy {
            let Some(op) = self.waiting.pop_front() else { break };
            match op {
                DecodedOp::QueuedStatusRequest(1 | 49) => {
                    answers.push(PaperAnswer::of(&state.status()))
                }
                DecodedOp::QueuedStatusRequest(_) => answers.push(u8::from(state.drawer_open)),
                DecodedOp::IdRequest(65..=69) => answers.extend(b"_Tresen Simulator\0"),
                DecodedOp::IdRequest(_) => answers.push(0),
                DecodedOp::ProcessId(id) => {
                    answers.extend([0x37, 0x22]);
                    answers.extend(id);
                    answers.push(0);
                }
                // A question in another language prints nothing.
                DecodedOp::Unknown(_) if self.job.is_none() => {}
                DecodedOp::CountWhenPrinted => state.printed = (state.printed + 1) % 32,
                DecodedOp::AutoStatus(0) => self.auto_status = None,
                // No status has this first byte, so the first one is sent at once.
                DecodedOp::AutoStatus(_) => self.auto_status = Some([0; 4]),
                op => {
                    worked = true;
                    let fresh = op == DecodedOp::Init;
                    if let Some(before) = self.job.take_if(|_| fresh) {
                        state.end(before, Ended::Whole);
                    }
                    let job = *self.job.get_or_insert_with(|| state.begin());
                    state.carry_out(job, op);
                }
            }
        }
        drop(state);
        if worked {
            shared.change(|_| ());
        }
        answers
    }

    /// The automatic status, when it is switched on and has changed.
    fn automatic(&mut self) -> Vec<u8> {
        let now = self.shared.state().status().to_asb();
        match &mut self.auto_status {
            Some(before) if *before != now => {
                *before = now;
                now.to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// The state of the moment, unasked, while a job is there and the printer has this fault.
    fn flood(&self) -> Vec<u8> {
        let runs = self.job.is_some() || !self.waiting.is_empty();
        let state = self.shared.state();
        let speaks = matches!(self.decoder, Ear::EscPos(_));
        if state.faults.status_flood && runs && speaks {
            state.status().to_asb().to_vec()
        } else {
            Vec::new()
        }
    }

    fn end(&mut self) {
        if let Some(job) = self.job {
            let ended = if self.broken { Ended::BrokenOff } else { Ended::Whole };
            self.shared.change(|state| state.end(job, ended));
        }
    }
}
