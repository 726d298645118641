//! The routes of audits. What lies under `/audit` and needs `see_audit` is all that an auditor ever gets to see.

use domain::Permission as P;

use super::routes::Routes;
use super::{audit, audit_records, auditing, days, fiscal, receipts, rksv, signing};
use crate::api::audit::{
    AuditCode, AuditOpened, AuditRecordPage, AuditRequest, AuditRow, AuditView, ChangePage,
    ImportedPage,
};
use crate::api::days::DayPage;
use crate::api::receipts::ReceiptPage;
use crate::api::session::SessionView;

pub(super) fn audits(r: &mut Routes) {
    r.get("/audits", P::ManageRecord, audit::list).says(|o| {
        o.about("audit", "Audits, newest first: who opened them for whom, and what was looked at.")
            .answers_list::<AuditRow>()
    });
    r.post("/audits", P::ManageRecord, audit::open).says(|o| {
        o.about("audit", "Open an audit for a time; the code that it answers is told only once.")
            .takes::<AuditRequest>()
            .answers::<AuditOpened>()
    });
    r.post("/audits/end", P::ManageRecord, audit::end)
        .says(|o| o.about("audit", "End the audit that is open.").answers_list::<AuditRow>());
    r.post("/audits/enter", P::Public, audit::enter).says(|o| {
        o.about("audit", "Enter an audit with its code; whoever was signed in here is signed out.")
            .takes::<AuditCode>()
            .answers::<SessionView>()
    });
    r.post("/audit/leave", P::SeeAudit, audit::leave_audit)
        .says(|o| o.about("audit", "The auditor is done.").answers::<SessionView>());
    r.get("/audit", P::SeeAudit, auditing::view).says(|o| {
        o.about(
            "audit",
            "The shop as an auditor finds it: tills, drawers, what signs its receipts.",
        )
        .answers::<AuditView>()
    });
    looked_up(r);
    papers(r);
}

fn looked_up(r: &mut Routes) {
    r.get("/audit/changes", P::SeeAudit, auditing::change_page).says(|o| {
        o.about("audit", "What was changed by whom, from what to what, newest first, in words.")
            .text("from", "From this local date on.")
            .text("to", "Until this local date.")
            .text("kind", "Only these: items, prices, rates, settings, people.")
            .text("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .text("language", "The language of the words; the shop's unless given.")
            .answers::<ChangePage>()
    });
    r.get("/audit/changes.csv", P::SeeAudit, auditing::change_csv).says(|o| {
        o.about("audit", "The same as CSV, imports item by item.")
            .text("from", "From this local date on.")
            .text("to", "Until this local date.")
            .text("kind", "Only these: items, prices, rates, settings, people.")
            .text("language", "The language of the words; the shop's unless given.")
            .answers_text("text/csv")
    });
    r.get("/audit/imports/{id}", P::SeeAudit, auditing::imported).says(|o| {
        o.about("audit", "What an import changed, item by item.")
            .number("after", "Where the page before ended.")
            .number("limit", "At most 500; 100 unless given.")
            .text("language", "The language of the words; the shop's unless given.")
            .answers::<ImportedPage>()
    });
    r.get("/audit/receipts", P::SeeAudit, receipts::page).says(|o| {
        o.about("audit", "Receipts, newest first.")
            .text("q", "A receipt number, a total (12,99) or the code printed on a receipt.")
            .text("from", "From this local date on.")
            .text("to", "Until this local date.")
            .number("till", "Only this till.")
            .flag("training", "Only training receipts, or only real ones.")
            .text("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<ReceiptPage>()
    });
    r.get("/audit/records", P::SeeAudit, audit_records::page).says(|o| {
        o.about(
            "audit",
            "Records of tills that are no receipts, newest first: orders, cash, the drawer.",
        )
        .text("from", "From this local date on.")
        .text("to", "Until this local date.")
        .number("till", "Only this till.")
        .text("before", "Where the page before ended.")
        .number("limit", "At most 200; 50 unless given.")
        .answers::<AuditRecordPage>()
    });
    r.get("/audit/receipts/{till}/{number}/html", P::SeeAudit, receipts::html).says(|o| {
        o.about("audit", "A receipt as printed, as a page; marked as a copy.")
            .flag("training", "The training receipt of that number.")
            .number("incarnation", "Only the one of this incarnation.")
            .answers_text("text/html")
    });
    r.get("/audit/days", P::SeeAudit, days::page).says(|o| {
        o.about("audit", "Z reports, newest first.")
            .number("till", "Only this till.")
            .text("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<DayPage>()
    });
    r.get("/audit/days/{till}/{number}/html", P::SeeAudit, days::html)
        .says(|o| o.about("audit", "A Z report as printed, as a page.").answers_text("text/html"));
    r.get("/audit/tills/{till}/x-report", P::SeeAudit, days::x_html).says(|o| {
        o.about("audit", "Totals of the open till day so far, as a page (Kassensturz).")
            .answers_text("text/html")
    });
    r.get("/audit/dsfinvk.zip", P::SeeAudit, fiscal::dsfinvk).says(|o| {
        o.about("audit", "Closed till days for a tax audit (DSFinV-K 2.4).")
            .text("from", "From this date on.")
            .text("to", "Until this date.")
            .answers_text("application/zip")
    });
    r.get("/audit/dep7.json", P::SeeAudit, rksv::dep7).says(|o| {
        o.about(
            "audit",
            "All codes of an Austrian till (DEP7, RKSV), verified before they are sent.",
        )
        .number("till", "Which till.")
        .text("register", rksv::UNDER)
        .flag("anyway", rksv::ANYWAY)
        .answers_text("application/json")
    });
    r.get("/audit/rksv/{till}/receipts/{position}/html", P::SeeAudit, rksv::receipt_page).says(
        |o| {
            o.about("audit", "A receipt without turnover as printed, as a page; marked as a copy.")
                .text("register", rksv::UNDER)
                .answers_text("text/html")
        },
    );
    r.get("/audit/units/{id}/export.tar", P::SeeAudit, signing::export).says(|o| {
        o.about("audit", "What a unit signed, as it exports it (TR-03151).")
            .text("from", "From this date on; from the first unless given.")
            .text("to", "Until this date; until now unless given.")
            .answers_text("application/x-tar")
    });
}

fn papers(r: &mut Routes) {
    r.get("/audit/procedures.html", P::SeeAudit, auditing::procedures_html).says(|o| {
        o.about("audit", "The documentation of procedures (GoBD), as a page.")
            .answers_text("text/html")
    });
    r.get("/audit/procedures.pdf", P::SeeAudit, auditing::procedures_pdf).says(|o| {
        o.about("audit", "The documentation of procedures (GoBD), as PDF.")
            .answers_text("application/pdf")
    });
    r.get("/audit/notification.html", P::SeeAudit, auditing::notice_html).says(|o| {
        o.about("audit", "What the tax office is told of the recording systems, as a page.")
            .answers_text("text/html")
    });
    r.get("/audit/notification.pdf", P::SeeAudit, auditing::notice_pdf).says(|o| {
        o.about("audit", "What the tax office is told of the recording systems, as PDF.")
            .answers_text("application/pdf")
    });
    r.get("/audit/notification.xml", P::SeeAudit, auditing::notice_file).says(|o| {
        o.about("audit", "The same as XML of Tresen's own form; no file for ELSTER.")
            .answers_text("application/xml")
    });
    r.get("/audit/retention.html", P::SeeAudit, auditing::retention_html)
        .says(|o| o.about("audit", "How long what is kept, as a page.").answers_text("text/html"));
    r.get("/audit/retention.pdf", P::SeeAudit, auditing::retention_pdf).says(|o| {
        o.about("audit", "How long what is kept, as PDF.").answers_text("application/pdf")
    });
}
