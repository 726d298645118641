//! Customers who buy on account: found at the till, managed in the office, and what they owe.

use domain::account::CustomerDetails;
use domain::{Amount, CustomerId, PersonId, ReceiptRef};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// A customer as the till shows them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerChoice {
    /// Their number.
    pub id: CustomerId,
    /// By what they are called: the company, or else the person.
    pub title: String,
    /// The person, where there is a company too.
    pub name: String,
    /// Town.
    pub town: String,
    /// What they owe; below nothing it is credit.
    pub balance: Amount,
    /// What they may still owe; none without limit.
    pub available: Option<Amount>,
    /// They buy nothing on account at the moment.
    pub blocked: bool,
    /// Days until a receipt is due.
    pub term_days: u16,
}

/// A receipt that was bought on account and is not settled yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenItemView {
    /// The receipt.
    pub receipt: ReceiptRef,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The last day on which it is paid in time.
    #[schema(value_type = String, format = Date)]
    pub due: Date,
    /// What was charged.
    pub amount: Amount,
    /// What is left of it.
    pub left: Amount,
    /// It should have been paid before today.
    pub overdue: bool,
    /// For so many days.
    pub days: u32,
}

/// A customer at the till, with what is open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerAccount {
    /// The customer.
    pub customer: CustomerChoice,
    /// In the order in which it is settled: due first.
    pub open: Vec<OpenItemView>,
}

/// A customer in the office's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerRow {
    /// As the till shows them.
    pub customer: CustomerChoice,
    /// What they may owe at most; none without limit.
    pub limit: Option<Amount>,
}

/// What all customers owe, in sums of the shop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountSumsView {
    /// All that is open.
    pub open: Amount,
    /// Receipts that are open.
    pub receipts: u64,
    /// What is overdue of it.
    pub overdue: Amount,
    /// Receipts that are overdue.
    pub overdue_receipts: u64,
    /// What customers have paid too much.
    pub credit: Amount,
}

/// Customers by number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerPage {
    /// The rows.
    pub customers: Vec<CustomerRow>,
    /// Where the next page begins.
    pub next: Option<CustomerId>,
    /// Of the whole shop.
    pub sums: AccountSumsView,
}

/// One posting to an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountPosting {
    /// The journal's entry.
    pub seq: u64,
    /// `charged`, `given_back`, `credited` or `paid`.
    pub kind: String,
    /// Owed more, or less, below nothing.
    pub amount: Amount,
    /// What was owed afterwards.
    pub balance: Amount,
    /// When it is due.
    #[schema(value_type = Option<String>, format = Date)]
    pub due: Option<Date>,
    /// The other side; none for what was paid elsewhere.
    pub receipt: Option<ReceiptRef>,
    /// For goods that came back: the receipt that they were bought with.
    pub paid: Option<ReceiptRef>,
    /// The other side of what was paid elsewhere.
    pub reference: String,
    /// By.
    pub person: Option<PersonId>,
    /// Their name.
    pub person_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A customer with their statement of account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerDetail {
    /// As in the list.
    pub row: CustomerRow,
    /// Name, address and the like.
    pub details: CustomerDetails,
    /// Which state of the customer this is, for whoever changes it.
    pub revision: String,
    /// What is open, due first.
    pub open: Vec<OpenItemView>,
    /// What was posted, newest first.
    pub postings: Vec<AccountPosting>,
}

/// A receipt that is open, and whose it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenAccountRow {
    /// Whose.
    pub customer: CustomerId,
    /// By what they are called.
    pub title: String,
    /// The receipt.
    pub item: OpenItemView,
}

/// What is owed to the shop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenAccounts {
    /// Overdue first.
    pub items: Vec<OpenAccountRow>,
    /// Of the whole shop, more than is listed too.
    pub sums: AccountSumsView,
}
