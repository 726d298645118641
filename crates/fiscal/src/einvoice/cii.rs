//! The invoice in UN/CEFACT CII (D16B, uncoupled). The order of elements is the schema's.

use jiff::civil::Date;
use money::{Money, Rate};

use super::figures::{Figures, figures, price};
use super::rules::{Broken, check};
use super::xml::Xml;
use super::{Invoice, Kind, Line, Means, Party, Profile, Tax};

/// The process that XRechnung takes over from Peppol.
const PROCESS: &str = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0";

/// The invoice as XML, UTF-8. Errs with every rule that it breaks.
pub fn write(invoice: &Invoice, profile: Profile) -> Result<String, Vec<Broken>> {
    let broken = check(invoice, profile);
    if !broken.is_empty() {
        return Err(broken);
    }
    let figures = figures(invoice).map_err(|error| vec![error])?;
    let mut xml = Xml::new();
    xml.begin(
        "rsm:CrossIndustryInvoice",
        " xmlns:rsm=\"urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100\" \
         xmlns:ram=\"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100\" \
         xmlns:qdt=\"urn:un:unece:uncefact:data:standard:QualifiedDataType:100\" \
         xmlns:udt=\"urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100\"",
    );
    context(&mut xml, profile);
    document(&mut xml, invoice);
    xml.within("rsm:SupplyChainTradeTransaction", |xml| {
        for ((line, net), number) in invoice.lines.iter().zip(&figures.lines).zip(1_u32..) {
            trade_line(xml, line, *net, number);
        }
        agreement(xml, invoice);
        xml.within("ram:ApplicableHeaderTradeDelivery", |xml| {
            xml.within("ram:ActualDeliverySupplyChainEvent", |xml| {
                xml.within("ram:OccurrenceDateTime", |xml| date(xml, invoice.supplied));
            });
        });
        settlement(xml, invoice, &figures);
    });
    Ok(xml.finish())
}

fn context(xml: &mut Xml, profile: Profile) {
    xml.within("rsm:ExchangedDocumentContext", |xml| {
        let guideline = match profile {
            Profile::En16931 => "urn:cen.eu:en16931:2017",
            Profile::XRechnung => {
                xml.within("ram:BusinessProcessSpecifiedDocumentContextParameter", |xml| {
                    xml.leaf("ram:ID", PROCESS);
                });
                "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
            }
        };
        xml.within("ram:GuidelineSpecifiedDocumentContextParameter", |xml| {
            xml.leaf("ram:ID", guideline);
        });
    });
}

fn document(xml: &mut Xml, invoice: &Invoice) {
    xml.within("rsm:ExchangedDocument", |xml| {
        xml.leaf("ram:ID", &invoice.number);
        let code = match invoice.kind {
            Kind::Invoice => "380",
            Kind::Correction(..) => "384",
        };
        xml.leaf("ram:TypeCode", code);
        xml.within("ram:IssueDateTime", |xml| date(xml, invoice.issued));
        for note in invoice.notes.iter().filter(|note| !note.trim().is_empty()) {
            xml.within("ram:IncludedNote", |xml| xml.leaf("ram:Content", note));
        }
    });
}

fn trade_line(xml: &mut Xml, line: &Line, net: Money, number: u32) {
    let price = price(line, net);
    xml.within("ram:IncludedSupplyChainTradeLineItem", |xml| {
        xml.within("ram:AssociatedDocumentLineDocument", |xml| {
            xml.leaf("ram:LineID", &number.to_string());
        });
        xml.within("ram:SpecifiedTradeProduct", |xml| {
            if let Some(gtin) = &line.gtin {
                xml.leaf_with("ram:GlobalID", "schemeID", "0160", gtin);
            }
            xml.leaf("ram:Name", &line.name);
        });
        xml.within("ram:SpecifiedLineTradeAgreement", |xml| {
            xml.within("ram:NetPriceProductTradePrice", |xml| {
                xml.leaf("ram:ChargeAmount", &amount(price.price));
                if price.per != 1_000 {
                    let per = thousandths(price.per);
                    xml.leaf_with("ram:BasisQuantity", "unitCode", &line.unit, &per);
                }
            });
        });
        xml.within("ram:SpecifiedLineTradeDelivery", |xml| {
            let quantity = thousandths(price.quantity);
            xml.leaf_with("ram:BilledQuantity", "unitCode", &line.unit, &quantity);
        });
        xml.within("ram:SpecifiedLineTradeSettlement", |xml| {
            xml.within("ram:ApplicableTradeTax", |xml| tax(xml, line.tax));
            xml.within("ram:SpecifiedTradeSettlementLineMonetarySummation", |xml| {
                xml.leaf("ram:LineTotalAmount", &amount(net));
            });
        });
    });
}

fn agreement(xml: &mut Xml, invoice: &Invoice) {
    xml.within("ram:ApplicableHeaderTradeAgreement", |xml| {
        if let Some(reference) = &invoice.reference {
            xml.leaf("ram:BuyerReference", reference);
        }
        xml.within("ram:SellerTradeParty", |xml| party(xml, &invoice.seller));
        xml.within("ram:BuyerTradeParty", |xml| party(xml, &invoice.buyer));
    });
}

fn party(xml: &mut Xml, party: &Party) {
    // A seller without a VAT id is known by the number that the tax office gave them (BR-CO-26 wants one of both).
    if let (None, Some(number)) = (&party.vat_id, &party.tax_number) {
        xml.leaf("ram:ID", number);
    }
    xml.leaf("ram:Name", &party.name);
    if let Some(contact) = &party.contact {
        xml.within("ram:DefinedTradeContact", |xml| {
            xml.leaf("ram:PersonName", &contact.name);
            xml.within("ram:TelephoneUniversalCommunication", |xml| {
                xml.leaf("ram:CompleteNumber", &contact.phone);
            });
            xml.within("ram:EmailURIUniversalCommunication", |xml| {
                xml.leaf("ram:URIID", &contact.mail);
            });
        });
    }
    xml.within("ram:PostalTradeAddress", |xml| {
        for (name, text) in [
            ("ram:PostcodeCode", &party.post_code),
            ("ram:LineOne", &party.street),
            ("ram:CityName", &party.town),
            ("ram:CountryID", &party.country),
        ] {
            if !text.trim().is_empty() {
                xml.leaf(name, text);
            }
        }
    });
    if let Some((scheme, address)) = &party.address {
        xml.within("ram:URIUniversalCommunication", |xml| {
            xml.leaf_with("ram:URIID", "schemeID", scheme, address);
        });
    }
    for (scheme, number) in [("VA", &party.vat_id), ("FC", &party.tax_number)] {
        if let Some(number) = number {
            xml.within("ram:SpecifiedTaxRegistration", |xml| {
                xml.leaf_with("ram:ID", "schemeID", scheme, number);
            });
        }
    }
}

fn settlement(xml: &mut Xml, invoice: &Invoice, figures: &Figures) {
    xml.within("ram:ApplicableHeaderTradeSettlement", |xml| {
        if matches!(invoice.means, Means::Transfer { .. }) {
            xml.leaf("ram:PaymentReference", &invoice.number);
        }
        xml.leaf("ram:InvoiceCurrencyCode", &invoice.currency);
        xml.within("ram:SpecifiedTradeSettlementPaymentMeans", |xml| means(xml, &invoice.means));
        for sum in &invoice.taxes {
            xml.within("ram:ApplicableTradeTax", |xml| {
                xml.leaf("ram:CalculatedAmount", &amount(sum.amount));
                xml.leaf("ram:TypeCode", "VAT");
                if let (Tax::Exempt, Some(reason)) = (sum.tax, &invoice.exemption) {
                    xml.leaf("ram:ExemptionReason", reason);
                }
                xml.leaf("ram:BasisAmount", &amount(sum.net));
                xml.leaf("ram:CategoryCode", sum.tax.category());
                xml.leaf("ram:RateApplicablePercent", &percent(sum.tax.rate()));
            });
        }
        for (allowance, net) in invoice.allowances.iter().zip(&figures.allowances) {
            xml.within("ram:SpecifiedTradeAllowanceCharge", |xml| {
                // Taking off less than nothing is adding.
                let adds = net.is_negative();
                let value = if adds { net.negated() } else { *net };
                xml.within("ram:ChargeIndicator", |xml| {
                    xml.leaf("udt:Indicator", if adds { "true" } else { "false" });
                });
                xml.leaf("ram:ActualAmount", &amount(value));
                xml.leaf("ram:Reason", &allowance.reason);
                xml.within("ram:CategoryTradeTax", |xml| tax(xml, allowance.tax));
            });
        }
        if let Some(due) = invoice.due {
            xml.within("ram:SpecifiedTradePaymentTerms", |xml| {
                xml.within("ram:DueDateDateTime", |xml| date(xml, due));
            });
        }
        summation(xml, invoice, figures);
        if let Kind::Correction(number, day) = &invoice.kind {
            xml.within("ram:InvoiceReferencedDocument", |xml| {
                xml.leaf("ram:IssuerAssignedID", number);
                xml.within("ram:FormattedIssueDateTime", |xml| {
                    xml.leaf_with("qdt:DateTimeString", "format", "102", &compact(*day));
                });
            });
        }
    });
}

fn summation(xml: &mut Xml, invoice: &Invoice, figures: &Figures) {
    // Allowances below nothing are charges there, so both sums are of what is written.
    let part = |adds: bool| {
        let parts = figures.allowances.iter().filter(|net| net.is_negative() == adds);
        Money::sum(parts.map(|net| if adds { net.negated() } else { *net })).unwrap_or(Money::ZERO)
    };
    xml.within("ram:SpecifiedTradeSettlementHeaderMonetarySummation", |xml| {
        xml.leaf("ram:LineTotalAmount", &amount(figures.line_sum));
        if figures.allowances.iter().any(|net| net.is_negative()) {
            xml.leaf("ram:ChargeTotalAmount", &amount(part(true)));
        }
        if figures.allowances.iter().any(|net| !net.is_negative()) {
            xml.leaf("ram:AllowanceTotalAmount", &amount(part(false)));
        }
        xml.leaf("ram:TaxBasisTotalAmount", &amount(figures.net));
        let currency = &invoice.currency;
        xml.leaf_with("ram:TaxTotalAmount", "currencyID", currency, &amount(figures.tax));
        if !invoice.rounding.is_zero() {
            xml.leaf("ram:RoundingAmount", &amount(invoice.rounding));
        }
        xml.leaf("ram:GrandTotalAmount", &amount(figures.total));
        if !invoice.prepaid.is_zero() {
            xml.leaf("ram:TotalPrepaidAmount", &amount(invoice.prepaid));
        }
        xml.leaf("ram:DuePayableAmount", &amount(figures.payable));
    });
}

fn means(xml: &mut Xml, means: &Means) {
    match means {
        Means::Cash => xml.leaf("ram:TypeCode", "10"),
        Means::Card(Some(digits)) => {
            xml.leaf("ram:TypeCode", "48");
            xml.within("ram:ApplicableTradeSettlementFinancialCard", |xml| {
                xml.leaf("ram:ID", digits);
            });
        }
        // 48 wants digits of the card (BR-DE-24); without them it is a means that is not further defined.
        Means::Card(None) => {
            xml.leaf("ram:TypeCode", "ZZZ");
            xml.leaf("ram:Information", "Karte");
        }
        Means::Transfer { iban, holder, bic } => {
            xml.leaf("ram:TypeCode", "58");
            xml.within("ram:PayeePartyCreditorFinancialAccount", |xml| {
                xml.leaf("ram:IBANID", iban);
                if !holder.trim().is_empty() {
                    xml.leaf("ram:AccountName", holder);
                }
            });
            if let Some(bic) = bic {
                xml.within("ram:PayeeSpecifiedCreditorFinancialInstitution", |xml| {
                    xml.leaf("ram:BICID", bic);
                });
            }
        }
        Means::Other(words) => {
            xml.leaf("ram:TypeCode", "ZZZ");
            if !words.trim().is_empty() {
                xml.leaf("ram:Information", words);
            }
        }
    }
}

fn tax(xml: &mut Xml, tax: Tax) {
    xml.leaf("ram:TypeCode", "VAT");
    xml.leaf("ram:CategoryCode", tax.category());
    xml.leaf("ram:RateApplicablePercent", &percent(tax.rate()));
}

fn date(xml: &mut Xml, day: Date) {
    xml.leaf_with("udt:DateTimeString", "format", "102", &compact(day));
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn amount(amount: Money) -> String {
    decimal(amount.minor(), 100, 2)
}

fn percent(rate: Rate) -> String {
    decimal(rate.basis_points().into(), 100, 2)
}

fn thousandths(quantity: i64) -> String {
    let text = decimal(quantity, 1_000, 3);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn decimal(value: i64, one: u64, digits: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let whole = value.checked_div(one).unwrap_or(0);
    let rest = value.checked_rem(one).unwrap_or(0);
    format!("{sign}{whole}.{rest:0digits$}")
}
