//! Days of card terminals, and signatures.

use domain::event::{
    Event, TerminalDayClosed, TerminalDayExplained, TerminalDayIntended, TerminalDaySettled,
};
use domain::payment::Doubt;
use domain::terminal_day::{Scheme, SchemeTotal, TerminalTotals};
use domain::{AttemptId, BasketId, ClosingId, DayNo, TerminalId, TillId};
use money::Money;

/// Every event of a terminal's day.
pub(super) fn all() -> Vec<Event> {
    let closing = ClosingId(4);
    let (terminal, till) = (TerminalId(1), TillId(1));
    let reason = || "Karte am Terminal bezahlt".to_owned();
    let card = |scheme, count, sum| SchemeTotal { scheme, count, sum: Money::new(sum) };
    let cards = vec![card(Scheme::Girocard, 2, 3_492), card(Scheme::Other, 1, -150)];
    let receipts = Some(("1".to_owned(), "17".to_owned()));
    let totals = TerminalTotals { receipts, cards: cards.clone() };
    let (attempt, basket) = (AttemptId(9), BasketId(77));
    vec![
        Event::SignatureCompared { attempt, basket, equal: true },
        Event::SignatureCompared { attempt, basket, equal: false },
        Event::TerminalDayIntended(TerminalDayIntended {
            closing,
            terminal,
            till,
            day: None,
            despite_doubt: None,
        }),
        Event::TerminalDayIntended(TerminalDayIntended {
            closing,
            terminal,
            till,
            day: Some(DayNo(12)),
            despite_doubt: Some(reason()),
        }),
        Event::TerminalDaySent { closing },
        Event::TerminalDayRecorded { closing, totals: TerminalTotals::default() },
        Event::TerminalDayRecorded { closing, totals: totals.clone() },
        Event::TerminalDayClosed(TerminalDayClosed {
            closing,
            ours: cards,
            totals: Some(totals),
            matches: true,
            alone: false,
            lines: vec!["** Kassenschnitt **".to_owned()],
        }),
        Event::TerminalDayClosed(TerminalDayClosed {
            closing,
            ours: vec![],
            totals: None,
            matches: true,
            alone: true,
            lines: vec![],
        }),
        Event::TerminalDayNotClosed { closing, code: "unreachable".to_owned() },
        Event::TerminalDayUnknown { closing, why: Doubt::ConnectionLost },
        Event::TerminalDaySettled(TerminalDaySettled { closing, closed: true, reason: reason() }),
        Event::TerminalDayExplained(TerminalDayExplained { closing, reason: reason() }),
    ]
}
