//! Packets that the other crate does not have, for its own codec.

use their_zvt::{Zvt, encoding, length};

/// 06 01.
#[derive(Debug, PartialEq, Zvt)]
#[zvt_control_field(class = 0x06, instr = 0x01)]
pub(crate) struct Authorisation {
    #[zvt_bmp(number = 0x04, length = length::Fixed<6>, encoding = encoding::Bcd)]
    pub(crate) amount: Option<usize>,
    #[zvt_bmp(number = 0x49, length = length::Fixed<2>, encoding = encoding::Bcd)]
    pub(crate) currency: Option<usize>,
    #[zvt_bmp(number = 0x19)]
    pub(crate) payment_type: Option<u8>,
}

/// 06 30.
#[derive(Debug, PartialEq, Zvt)]
#[zvt_control_field(class = 0x06, instr = 0x30)]
pub(crate) struct Reversal {
    #[zvt_bmp(length = length::Fixed<3>, encoding = encoding::Bcd)]
    pub(crate) password: usize,
    #[zvt_bmp(number = 0x87, length = length::Fixed<2>, encoding = encoding::Bcd)]
    pub(crate) receipt_no: Option<usize>,
    #[zvt_bmp(number = 0x04, length = length::Fixed<6>, encoding = encoding::Bcd)]
    pub(crate) amount: Option<usize>,
    #[zvt_bmp(number = 0x49, length = length::Fixed<2>, encoding = encoding::Bcd)]
    pub(crate) currency: Option<usize>,
}

/// 06 31.
#[derive(Debug, PartialEq, Zvt)]
#[zvt_control_field(class = 0x06, instr = 0x31)]
pub(crate) struct Refund {
    #[zvt_bmp(length = length::Fixed<3>, encoding = encoding::Bcd)]
    pub(crate) password: usize,
    #[zvt_bmp(number = 0x04, length = length::Fixed<6>, encoding = encoding::Bcd)]
    pub(crate) amount: Option<usize>,
    #[zvt_bmp(number = 0x49, length = length::Fixed<2>, encoding = encoding::Bcd)]
    pub(crate) currency: Option<usize>,
}
