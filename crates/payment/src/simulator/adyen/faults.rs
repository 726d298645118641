//! What goes wrong with the next transaction, by name.

/// What goes wrong with the next transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bank says no.
    Decline,
    /// It hangs for three minutes, and then gives up.
    TimeOut,
    /// The connection breaks before the request arrives.
    LostBeforeRequest,
    /// It breaks while the customer is asked.
    LostBeforeOutcome,
    /// It breaks when the money has moved.
    LostAfterOutcome,
    /// The answer says ten times the amount.
    WrongAmount,
    /// The answer says a tip of one unit more than was given, in the same sum.
    WrongTip,
    /// The answer says another currency.
    WrongCurrency,
    /// The answer is another terminal's.
    ChangedTerminal,
    /// It answers twice.
    AnswerTwice,
    /// It answers to the transaction before, sealed anew.
    AnswerOfAnotherSale,
    /// It sends the last answer again, byte by byte.
    ReplayedAnswer,
    /// It approves when it is told to give up.
    LateApprovalAfterAbort,
    /// It is at something else.
    Busy,
    /// It answers nonsense.
    Garbage,
    /// Its answer ends too early.
    CutOffOutcome,
    /// The code over the answer is wrong.
    BadHmac,
    /// The sealed answer was changed on its way.
    Tampered,
    /// It seals with another version of the key.
    OtherKey,
    /// It answers that something is broken.
    ServerError,
    /// The cloud says that too much was asked lately.
    TooManyRequests,
    /// The cloud says that the terminal did not answer.
    Rejected,
}

impl Fault {
    /// All of a terminal in the shop's own network.
    pub const ALL: [Self; 20] = [
        Self::Decline,
        Self::TimeOut,
        Self::LostBeforeRequest,
        Self::LostBeforeOutcome,
        Self::LostAfterOutcome,
        Self::WrongAmount,
        Self::WrongTip,
        Self::WrongCurrency,
        Self::ChangedTerminal,
        Self::AnswerTwice,
        Self::AnswerOfAnotherSale,
        Self::ReplayedAnswer,
        Self::LateApprovalAfterAbort,
        Self::Busy,
        Self::Garbage,
        Self::CutOffOutcome,
        Self::BadHmac,
        Self::Tampered,
        Self::OtherKey,
        Self::ServerError,
    ];

    /// All of a terminal that is asked through the cloud, where nothing is sealed.
    pub const CLOUD: [Self; 19] = [
        Self::Decline,
        Self::TimeOut,
        Self::LostBeforeRequest,
        Self::LostBeforeOutcome,
        Self::LostAfterOutcome,
        Self::WrongAmount,
        Self::WrongTip,
        Self::WrongCurrency,
        Self::ChangedTerminal,
        Self::AnswerTwice,
        Self::AnswerOfAnotherSale,
        Self::ReplayedAnswer,
        Self::LateApprovalAfterAbort,
        Self::Busy,
        Self::Garbage,
        Self::CutOffOutcome,
        Self::ServerError,
        Self::TooManyRequests,
        Self::Rejected,
    ];

    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decline => "decline",
            Self::TimeOut => "time_out",
            Self::LostBeforeRequest => "lost_before_request",
            Self::LostBeforeOutcome => "lost_before_outcome",
            Self::LostAfterOutcome => "lost_after_outcome",
            Self::WrongAmount => "wrong_amount",
            Self::WrongTip => "wrong_tip",
            Self::WrongCurrency => "wrong_currency",
            Self::ChangedTerminal => "changed_terminal",
            Self::AnswerTwice => "answer_twice",
            Self::AnswerOfAnotherSale => "answer_of_another_sale",
            Self::ReplayedAnswer => "replayed_answer",
            Self::LateApprovalAfterAbort => "late_approval_after_abort",
            Self::Busy => "busy",
            Self::Garbage => "garbage",
            Self::CutOffOutcome => "cut_off_outcome",
            Self::BadHmac => "bad_hmac",
            Self::Tampered => "tampered",
            Self::OtherKey => "other_key",
            Self::ServerError => "server_error",
            Self::TooManyRequests => "too_many_requests",
            Self::Rejected => "rejected",
        }
    }
}
