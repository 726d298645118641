//! Coupons in a basket, as shown.

use domain::Amount;
use serde::Serialize;
use utoipa::ToSchema;

/// A coupon as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CouponView {
    /// Its number in the basket.
    pub no: u16,
    /// Its name.
    pub name: String,
    /// The serial number of the paper.
    pub serial: Option<String>,
    /// Taken off. Nothing once goods are gone that it needs: then it is not used up.
    pub amount: Amount,
}
