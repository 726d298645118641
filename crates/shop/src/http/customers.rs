//! Customers who buy on account: found at the till, managed in the office, and what they owe.

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::account::{Account, OpenItem};
use domain::settings::Settings;
use domain::{Amount, CustomerId, TillId, revision};
use jiff::civil::Date;
use money::Money;
use serde::Deserialize;
use store::{AccountPostingRow, AccountSums, CustomerFilter, Reader, StoreError};

use super::App;
use super::app::person_name;
use super::body::{Asked, At};
use super::catalogue::limit;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::customers::{
    AccountPosting, AccountSumsView, CustomerAccount, CustomerChoice, CustomerDetail, CustomerPage,
    CustomerRow, OpenAccountRow, OpenAccounts, OpenItemView,
};
use crate::engine::Snapshot;
use crate::import::guard;
use crate::personal::Customers;

/// Postings of one statement that are shown.
const POSTINGS: u32 = 500;
/// Rows that are read at a time.
const CHUNK: u32 = 500;

/// What to look for at the till.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Looked {
    #[serde(default)]
    q: String,
    limit: Option<u32>,
}

/// Which customers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    #[serde(default)]
    q: String,
    #[serde(default)]
    open: bool,
    after: Option<CustomerId>,
    limit: Option<u32>,
}

/// How many open receipts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenOf {
    limit: Option<u32>,
}

/// What the shapes are made with.
struct Shown<'s> {
    settings: &'s Settings,
    customers: &'s Customers,
    today: Date,
}

impl Shown<'_> {
    fn own(&self, amount: Money) -> Amount {
        Amount { amount, currency: self.settings.currency }
    }

    fn choice(&self, account: &Account) -> CustomerChoice {
        let customer = &account.customer;
        let details = self.customers.get(customer.id);
        let named = details.filter(|details| details.title() != details.name);
        let left = |limit: Money| limit.saturating_plus(account.balance.negated());
        CustomerChoice {
            id: customer.id,
            title: self.customers.title(customer.id),
            name: named.map_or_else(String::new, |details| details.name.clone()),
            town: details.map_or_else(String::new, |details| details.town.clone()),
            balance: self.own(account.balance),
            available: customer.limit.map(|limit| self.own(left(limit).max(Money::ZERO))),
            blocked: customer.blocked,
            term_days: customer.term_days,
        }
    }

    fn row(&self, account: &Account) -> CustomerRow {
        let limit = account.customer.limit.map(|limit| self.own(limit));
        CustomerRow { customer: self.choice(account), limit }
    }

    fn item(&self, item: &OpenItem) -> OpenItemView {
        let late = (self.today - item.due).get_days();
        OpenItemView {
            receipt: item.receipt,
            date: item.date,
            due: item.due,
            amount: self.own(item.amount),
            left: self.own(item.left),
            overdue: late > 0,
            days: u32::try_from(late).unwrap_or(0),
        }
    }

    fn sums(&self, sums: AccountSums) -> AccountSumsView {
        AccountSumsView {
            open: self.own(sums.open),
            receipts: sums.receipts,
            overdue: self.own(sums.overdue),
            overdue_receipts: sums.overdue_receipts,
            credit: self.own(sums.credit),
        }
    }

    /// Newest first, each with what was owed afterwards.
    fn postings(
        &self,
        shop: &Snapshot,
        balance: Money,
        rows: Vec<AccountPostingRow>,
    ) -> Vec<AccountPosting> {
        let mut after = balance;
        let posting = |row: AccountPostingRow| {
            let balance = self.own(after);
            after = after.saturating_plus(row.amount.negated());
            AccountPosting {
                seq: row.seq,
                kind: row.kind,
                amount: self.own(row.amount),
                balance,
                due: row.due,
                receipt: row.receipt,
                paid: row.paid,
                reference: row.reference,
                person: row.person,
                person_name: row.person.map_or_else(String::new, |id| person_name(shop, id)),
                at: row.at,
            }
        };
        rows.into_iter().map(posting).collect()
    }
}

/// The accounts of customers found by name or number, by number.
fn found(
    reader: &Reader,
    customers: &Customers,
    asked: (&str, CustomerFilter),
    most: u32,
) -> Result<Vec<Account>, StoreError> {
    let (text, filter) = asked;
    if text.trim().is_empty() {
        return reader.accounts(filter, most);
    }
    let mut accounts = Vec::new();
    for id in customers.find(text).filter(|id| filter.after.is_none_or(|after| *id > after)) {
        let account = reader.account(id)?;
        let wanted = |account: &Account| !filter.open || !account.balance.is_zero();
        accounts.extend(account.filter(wanted));
        if usize::try_from(most).is_ok_and(|most| accounts.len() >= most) {
            break;
        }
    }
    Ok(accounts)
}

/// Customers to choose from at the till.
pub(super) async fn choices(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Asked(asked): Asked<Looked>,
) -> Answer<Json<Vec<CustomerChoice>>> {
    caller.at(till)?;
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let most = limit(asked.limit, 20, 100);
    let customers = shop.customers.clone();
    let accounts = app
        .read(move |reader| found(reader, &customers, (&asked.q, CustomerFilter::default()), most))
        .await?;
    let today = app.local(&settings).date();
    let shown = Shown { settings: &settings, customers: &shop.customers, today };
    Ok(Json(accounts.iter().map(|account| shown.choice(account)).collect()))
}

/// A customer at the till, with what is open.
pub(super) async fn at_till(
    State(app): State<App>,
    At((till, id)): At<(TillId, CustomerId)>,
    caller: Caller,
) -> Answer<Json<CustomerAccount>> {
    caller.at(till)?;
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let known =
        app.read(move |reader| Ok(reader.account(id)?.zip(Some(reader.open_items(id)?)))).await?;
    let (account, open) = known.ok_or_else(Failure::not_found)?;
    let today = app.local(&settings).date();
    let shown = Shown { settings: &settings, customers: &shop.customers, today };
    let open = open.iter().map(|item| shown.item(item)).collect();
    Ok(Json(CustomerAccount { customer: shown.choice(&account), open }))
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<CustomerPage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let today = app.local(&settings).date();
    let most = limit(asked.limit, 50, 200);
    let customers = shop.customers.clone();
    let filter = CustomerFilter { after: asked.after, open: asked.open };
    let (accounts, sums) = app
        .read(move |reader| {
            let accounts = found(reader, &customers, (&asked.q, filter), most)?;
            Ok((accounts, reader.account_sums(today)?))
        })
        .await?;
    let full = usize::try_from(most).is_ok_and(|most| accounts.len() >= most);
    let next = accounts.last().filter(|_| full).map(|account| account.customer.id);
    let shown = Shown { settings: &settings, customers: &shop.customers, today };
    let customers = accounts.iter().map(|account| shown.row(account)).collect();
    Ok(Json(CustomerPage { customers, next, sums: shown.sums(sums) }))
}

pub(super) async fn one(
    State(app): State<App>,
    At(id): At<CustomerId>,
) -> Answer<Json<CustomerDetail>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let known = app
        .read(move |reader| {
            let Some(account) = reader.account(id)? else { return Ok(None) };
            Ok(Some((account, reader.open_items(id)?, reader.account_postings(id, POSTINGS)?)))
        })
        .await?;
    let (account, open, postings) = known.ok_or_else(Failure::not_found)?;
    let today = app.local(&settings).date();
    let shown = Shown { settings: &settings, customers: &shop.customers, today };
    Ok(Json(CustomerDetail {
        details: shop.customers.get(id).cloned().unwrap_or_default(),
        revision: revision::of_customer(&account.customer),
        open: open.iter().map(|item| shown.item(item)).collect(),
        postings: shown.postings(&shop, account.balance, postings),
        row: shown.row(&account),
    }))
}

/// What is owed to the shop, overdue first.
pub(super) async fn open(
    State(app): State<App>,
    Asked(asked): Asked<OpenOf>,
) -> Answer<Json<OpenAccounts>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let today = app.local(&settings).date();
    let most = limit(asked.limit, 100, 500);
    let (items, sums) = app
        .read(move |reader| Ok((reader.all_open_items(most)?, reader.account_sums(today)?)))
        .await?;
    let shown = Shown { settings: &settings, customers: &shop.customers, today };
    let row = |(customer, item): &(CustomerId, OpenItem)| OpenAccountRow {
        customer: *customer,
        title: shop.customers.title(*customer),
        item: shown.item(item),
    };
    Ok(Json(OpenAccounts { items: items.iter().map(row).collect(), sums: shown.sums(sums) }))
}

/// All customers as a file for a spreadsheet.
pub(super) async fn export(State(app): State<App>) -> Answer<Response> {
    let shop = app.snapshot().await?;
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').from_writer("\u{FEFF}".as_bytes().to_vec());
    let head = [
        "customer",
        "company",
        "name",
        "street",
        "postal_code",
        "town",
        "country",
        "email",
        "vat_id",
        "term_days",
        "limit",
        "blocked",
        "balance",
    ];
    writer.write_record(head).map_err(Failure::not_stored)?;
    let mut filter = CustomerFilter::default();
    loop {
        let of = filter;
        let accounts = app.read(move |reader| reader.accounts(of, CHUNK)).await?;
        let Some(last) = accounts.last() else { break };
        filter.after = Some(last.customer.id);
        for Account { customer, balance } in &accounts {
            let details = shop.customers.get(customer.id).cloned().unwrap_or_default();
            let (limit, id) = (customer.limit.map(Money::minor), customer.id);
            let limit = limit.map_or_else(String::new, |limit| limit.to_string());
            let record: [Cow<'_, str>; 13] = [
                id.to_string().into(),
                guard(&details.company),
                guard(&details.name),
                guard(&details.street),
                guard(&details.postal_code),
                guard(&details.town),
                guard(&details.country),
                guard(&details.email),
                guard(&details.vat_id),
                customer.term_days.to_string().into(),
                limit.into(),
                customer.blocked.to_string().into(),
                balance.minor().to_string().into(),
            ];
            writer
                .write_record(record.iter().map(|cell| cell.as_bytes()))
                .map_err(Failure::not_stored)?;
        }
    }
    let bytes = writer.into_inner().map_err(Failure::not_stored)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"customers.csv\""),
    ];
    Ok((headers, bytes).into_response())
}
