-- What has gone back to each tender of a receipt.
CREATE TABLE refunded (
    till   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    tender INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (till, number, tender)
) STRICT, WITHOUT ROWID;
