//! What the tests begin with.

use std::sync::OnceLock;

use nexo::amount::Decimal;
use nexo::envelope::Keys;
use nexo::message::{
    AmountsReq, Header, MessageReference, PaymentRequest, PaymentTransaction, PoiData,
    ReversalRequest, SaleData, TransactionId,
};
use nexo::wire::Ask;
use nexo::words::Category;

pub(crate) const POI: &str = "P400Plus-275039202";

/// Made once: that is slow on purpose.
pub(crate) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::derive("a passphrase for tests", "till-key", 2))
}

pub(crate) fn others_keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::derive("another passphrase", "till-key", 2))
}

pub(crate) fn header(category: Category) -> Header {
    Header::request(category, "Tresen", "K7M2Q9", POI)
}

pub(crate) fn transaction(id: &str) -> TransactionId {
    TransactionId { transaction_id: id.to_owned(), time_stamp: "2026-11-25T13:30:00Z".to_owned() }
}

pub(crate) fn payment(amount: i64, digits: u8, currency: &str) -> Ask {
    Ask::Payment(PaymentRequest {
        sale_data: SaleData { transaction: transaction("attempt-1"), for_acquirer: None },
        payment_transaction: PaymentTransaction {
            amounts_req: AmountsReq {
                currency: currency.to_owned(),
                requested_amount: Decimal::of_minor(amount, digits).unwrap(),
            },
        },
        payment_data: None,
    })
}

pub(crate) fn reversal() -> Ask {
    Ask::Reversal(ReversalRequest {
        original: PoiData { transaction: transaction("4r7i001557325515012.8815573255107661") },
        reversal_reason: "MerchantCancel".to_owned(),
        sale_data: Some(SaleData { transaction: transaction("attempt-2"), for_acquirer: None }),
    })
}

pub(crate) fn reference() -> MessageReference {
    MessageReference {
        message_category: Category::Payment,
        sale_id: "Tresen".to_owned(),
        service_id: "K7M2Q9".to_owned(),
    }
}
