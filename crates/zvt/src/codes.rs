//! Stable names of the numbers that terminals send, for translation; no texts for people.

/// What a result code means: of BMP 27, of an abort, of a refusal, and of a terminal's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultCode(pub u8);

/// What to do about a result code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nothing went wrong.
    Nothing,
    /// It may pass: ask the person whether to try again.
    TryAgain,
    /// Run a diagnosis (06 70), then offer to try again.
    Diagnose,
    /// Run an initialisation (06 93), then offer to try again.
    Initialise,
    /// Run an end of day (06 50), then offer to try again.
    EndOfDay,
    /// Somebody pressed stop, or nobody came.
    Cancelled,
    /// No.
    Declined,
}

impl ResultCode {
    /// 00.
    pub const OK: Self = Self(0x00);
    /// 37 (55): the PIN was wrong; another round of the same transaction may follow.
    pub const WRONG_PIN: Self = Self(0x37);
    /// 6C: time ran out or somebody pressed the stop key.
    pub const CANCELLED: Self = Self(0x6c);
    /// 6F.
    pub const WRONG_CURRENCY: Self = Self(0x6f);
    /// 81.
    pub const INITIALISATION_REQUIRED: Self = Self(0x81);
    /// C2.
    pub const DIAGNOSIS_REQUIRED: Self = Self(0xc2);
    /// 83: also the answer to a command or field that is not known.
    pub const IMPOSSIBLE: Self = Self(0x83);
    /// 9C: not yet.
    pub const BUSY: Self = Self(0x9c);
    /// B1.
    pub const MEMORY_FULL: Self = Self(0xb1);
    /// B2.
    pub const JOURNAL_FULL: Self = Self(0xb2);
    /// B4.
    pub const ALREADY_REVERSED: Self = Self(0xb4);
    /// B5.
    pub const REVERSAL_IMPOSSIBLE: Self = Self(0xb5);

    /// A stable name in snake case; `declined_by_host` for 01 to 63, `unknown` for a number without a
    /// meaning.
    pub fn name(self) -> &'static str {
        match self.0 {
            0x37 => "wrong_pin",
            0x01..=0x63 => "declined_by_host",
            code => {
                let found = RESULTS.iter().find(|(number, _)| *number == code);
                found.map_or("unknown", |(_, name)| name)
            }
        }
    }

    /// What to do about it.
    pub const fn advice(self) -> Advice {
        match self.0 {
            0x00 => Advice::Nothing,
            0x9c | 0xa0 | 0xa1 | 0xa3 | 0x7d => Advice::TryAgain,
            0xc2 => Advice::Diagnose,
            0x81 => Advice::Initialise,
            0xf0 => Advice::EndOfDay,
            0x6c => Advice::Cancelled,
            _ => Advice::Declined,
        }
    }
}

/// The names of result codes, but those of the host.
const RESULTS: [(u8, &str); 82] = [
    (0x00, "approved"),
    (0x64, "card_unreadable"),
    (0x65, "card_data_missing"),
    (0x66, "processing_error"),
    (0x67, "not_for_debit_cards"),
    (0x68, "not_for_credit_cards"),
    (0x6a, "turnover_file_full"),
    (0x6b, "not_registered"),
    (0x6c, "cancelled"),
    (0x6e, "card_blocked"),
    (0x6f, "wrong_currency"),
    (0x71, "credit_insufficient"),
    (0x72, "chip_error"),
    (0x73, "card_data_wrong"),
    (0x74, "dukpt_exhausted"),
    (0x75, "text_not_authentic"),
    (0x76, "card_not_in_whitelist"),
    (0x77, "end_of_day_impossible"),
    (0x78, "card_expired"),
    (0x79, "card_not_yet_valid"),
    (0x7a, "card_unknown"),
    (0x7b, "fallback_impossible_girocard"),
    (0x7c, "fallback_impossible"),
    (0x7d, "communication_error"),
    (0x7e, "fallback_only_girocard"),
    (0x81, "initialisation_required"),
    (0x83, "function_impossible"),
    (0x85, "key_missing"),
    (0x89, "pin_pad_defective"),
    (0x9a, "protocol_error"),
    (0x9b, "dial_error"),
    (0x9c, "busy"),
    (0xa0, "receiver_not_ready"),
    (0xa1, "remote_silent"),
    (0xa3, "no_connection"),
    (0xa4, "geldkarte_submission_impossible"),
    (0xa5, "forbidden_by_pci"),
    (0xb1, "memory_full"),
    (0xb2, "journal_full"),
    (0xb4, "already_reversed"),
    (0xb5, "reversal_impossible"),
    (0xb7, "preauth_amount_wrong"),
    (0xb8, "preauth_error"),
    (0xbf, "voltage_low"),
    (0xc0, "card_lock_defective"),
    (0xc1, "merchant_card_locked"),
    (0xc2, "diagnosis_required"),
    (0xc3, "amount_too_high"),
    (0xc4, "card_profile_invalid"),
    (0xc5, "payment_method_unsupported"),
    (0xc6, "currency_unsupported"),
    (0xc8, "amount_too_small"),
    (0xc9, "limit_too_small"),
    (0xcb, "only_in_euro"),
    (0xcc, "printer_not_ready"),
    (0xcd, "cashback_impossible"),
    (0xd2, "not_for_bank_cards"),
    (0xdc, "card_inserted"),
    (0xdd, "card_eject_error"),
    (0xde, "card_insert_error"),
    (0xdf, "out_of_order"),
    (0xe0, "remote_maintenance"),
    (0xe2, "card_reader_silent"),
    (0xe3, "shutter_closed"),
    (0xe4, "activation_required"),
    (0xe7, "goods_group_unknown"),
    (0xe8, "goods_groups_missing"),
    (0xe9, "restriction_code_forbidden"),
    (0xea, "card_code_forbidden"),
    (0xeb, "pin_algorithm_unknown"),
    (0xec, "pin_impossible"),
    (0xed, "pin_pad_error"),
    (0xf0, "end_of_day_open"),
    (0xf1, "debit_offline_error"),
    (0xf5, "opt_error"),
    (0xf6, "opt_data_missing"),
    (0xfa, "opt_transmission_error"),
    (0xfb, "turnover_record_defective"),
    (0xfc, "device_missing"),
    (0xfd, "baud_rate_unsupported"),
    (0xfe, "register_unknown"),
    (0xff, "system_error"),
];

/// A stable name of an intermediate status (04 FF); `unknown` for a number without a meaning. 41 to 5D
/// mean what 01 to 1D mean, and "remove the card": see [`asks_to_remove_card`].
pub const fn intermediate_name(code: u8) -> &'static str {
    let bare = if 0x41 <= code && code <= 0x5d { code & 0x3f } else { code };
    match bare {
        0x00 => "wait_for_amount",
        0x01 => "see_pin_pad",
        0x04 => "wait_for_host",
        0x05 => "auto_reversal",
        0x06 => "post_bookings",
        0x0a => "insert_card",
        0x0b => "remove_card",
        0x0d => "aborted",
        0x0e => "please_wait",
        0x0f => "auto_end_of_day",
        0x15 => "wrong_pin",
        0x17 => "please_wait",
        0x18 => "pin_tries_exceeded",
        0x1a => "service",
        0x1c => "approved",
        0x1d => "declined",
        0x28 => "choose_currency",
        0x29 => "choose_language",
        0x2b => "emergency",
        0x2c => "choose_application",
        0x69 => "choose_dcc",
        0xc8 => "wait_for_cashier",
        0xc9 => "auto_diagnosis",
        0xca => "auto_initialisation",
        0xcb => "journal_full",
        0xd2 => "dialling",
        0xd3 => "connected",
        0xe0 => "selection",
        0xe1 => "selection",
        0xff => "see_text",
        _ => "unknown",
    }
}

/// Whether an intermediate status also asks to remove the card.
pub const fn asks_to_remove_card(code: u8) -> bool {
    code == 0x0b || (0x41 <= code && code <= 0x5d)
}
