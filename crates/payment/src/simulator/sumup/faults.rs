//! What goes wrong with the next payment or refund, by name.

/// What goes wrong with the next payment or refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bank says no.
    Decline,
    /// The reader hangs for three minutes, and then gives up.
    TimeOut,
    /// What happened shows only after twenty seconds.
    Slow,
    /// The connection breaks before the request arrives.
    LostBeforeRequest,
    /// It breaks when the request was taken over.
    LostBeforeOutcome,
    /// It breaks when it is told for the first time how it ended.
    LostAfterOutcome,
    /// It was taken over, and the reader never begins.
    NeverBegins,
    /// It is told once with ten times the amount.
    WrongAmount,
    /// It is told once with a tip of one unit more than was given, in the same sum.
    WrongTip,
    /// It is told once in another currency.
    WrongCurrency,
    /// It is told once as another merchant's.
    OtherMerchant,
    /// The request is answered twice.
    AnswerTwice,
    /// It is told once how the payment before ended.
    AnswerOfAnotherSale,
    /// The reader approves when it is told to stop.
    LateApprovalAfterAbort,
    /// The reader is at something else.
    Busy,
    /// The reader is offline.
    Offline,
    /// Too much was asked lately.
    TooManyRequests,
    /// The request is answered with nonsense.
    Garbage,
    /// Three times it is told in nonsense how it ended.
    BadLooks,
    /// The answer to the request ends too early.
    CutOffOutcome,
    /// The request is taken over, and answered as if something were broken.
    ServerError,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Decline,
        Self::TimeOut,
        Self::Slow,
        Self::LostBeforeRequest,
        Self::LostBeforeOutcome,
        Self::LostAfterOutcome,
        Self::NeverBegins,
        Self::WrongAmount,
        Self::WrongTip,
        Self::WrongCurrency,
        Self::OtherMerchant,
        Self::AnswerTwice,
        Self::AnswerOfAnotherSale,
        Self::LateApprovalAfterAbort,
        Self::Busy,
        Self::Offline,
        Self::TooManyRequests,
        Self::Garbage,
        Self::BadLooks,
        Self::CutOffOutcome,
        Self::ServerError,
    ];

    /// A stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decline => "decline",
            Self::TimeOut => "time_out",
            Self::Slow => "slow",
            Self::LostBeforeRequest => "lost_before_request",
            Self::LostBeforeOutcome => "lost_before_outcome",
            Self::LostAfterOutcome => "lost_after_outcome",
            Self::NeverBegins => "never_begins",
            Self::WrongAmount => "wrong_amount",
            Self::WrongTip => "wrong_tip",
            Self::WrongCurrency => "wrong_currency",
            Self::OtherMerchant => "other_merchant",
            Self::AnswerTwice => "answer_twice",
            Self::AnswerOfAnotherSale => "answer_of_another_sale",
            Self::LateApprovalAfterAbort => "late_approval_after_abort",
            Self::Busy => "busy",
            Self::Offline => "offline",
            Self::TooManyRequests => "too_many_requests",
            Self::Garbage => "garbage",
            Self::BadLooks => "bad_looks",
            Self::CutOffOutcome => "cut_off_outcome",
            Self::ServerError => "server_error",
        }
    }
}
