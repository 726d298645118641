//! The GS1 application identifiers: what may stand in a GS1 barcode, and how long it is.
//! Facts from the GS1 Syntax Dictionary (Apache-2.0, © GS1 AISBL), kept in its notation.

/// One application identifier, or a range of them that share everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ai {
    /// First number of the range (2 to 4 digits).
    pub first: &'static str,
    /// Last number of the range, as long as `first`; equal to it for a single one.
    pub last: &'static str,
    /// `*`: predefined length, no separator behind it. `?`: may stand in the query of a Digital Link.
    pub flags: &'static str,
    /// Parts of the value: `N6` six digits, `X..20` up to twenty of character set 82, `[…]` optional;
    /// behind a comma the rules of the part.
    pub spec: &'static str,
    /// `req=` needs one of, `ex=` excludes, `dlpkey` key of a Digital Link with its qualifiers.
    pub rules: &'static str,
    /// The data title, for screens.
    pub title: &'static str,
}

impl Ai {
    /// True if the value has a fixed length known to every reader, so that no separator follows it.
    #[must_use]
    pub fn is_predefined(&self) -> bool {
        self.flags.contains('*')
    }

    /// True if it may stand behind the `?` of a Digital Link.
    #[must_use]
    pub fn is_link_attribute(&self) -> bool {
        self.flags.contains('?')
    }

    /// True if a Digital Link may be built on it.
    #[must_use]
    pub fn is_link_key(&self) -> bool {
        self.rules.split(' ').any(|rule| rule.split('=').next() == Some("dlpkey"))
    }

    /// The qualifiers that may follow it in the path of a Digital Link: alternatives, each in order.
    pub(crate) fn link_qualifiers(&self) -> impl Iterator<Item = &'static str> {
        let list = self.rules.split(' ').find_map(|rule| rule.strip_prefix("dlpkey="));
        list.into_iter().flat_map(|list| list.split('|'))
    }
}

/// The entry for an application identifier of 2 to 4 digits.
#[must_use]
pub fn find_ai(ai: &str) -> Option<&'static Ai> {
    AI_TABLE
        .iter()
        .find(|entry| entry.first.len() == ai.len() && entry.first <= ai && ai <= entry.last)
}

const fn ai(
    range: (&'static str, &'static str),
    flags: &'static str,
    spec: &'static str,
    rules: &'static str,
    title: &'static str,
) -> Ai {
    Ai { first: range.0, last: range.1, flags, spec, rules, title }
}

/// All application identifiers, in the order of the dictionary.
#[rustfmt::skip]
pub const AI_TABLE: &[Ai] = &[
    ai(("00", "00"), "*?", "N18,csum,gcppos2", "dlpkey", "SSCC"),
    ai(("01", "01"), "*?", "N14,csum,gcppos2", "ex=255,37 dlpkey=22,10,21|235", "GTIN"),
    ai(("02", "02"), "*?", "N14,csum,gcppos2", "ex=01,03 req=37", "CONTENT"),
    ai(("03", "03"), "*", "N14,csum,gcppos2", "ex=01,02,37,235", "MTO GTIN"),
    ai(("10", "10"), "?", "X..20", "req=01,02,03,8006,8026", "BATCH/LOT"),
    ai(("11", "11"), "*?", "N6,yymmd0", "req=01,02,03,8006,8026", "PROD DATE"),
    ai(("12", "12"), "*?", "N6,yymmd0", "req=8020", "DUE DATE"),
    ai(("13", "13"), "*?", "N6,yymmd0", "req=01,02,03,8006,8026", "PACK DATE"),
    ai(("15", "15"), "*?", "N6,yymmd0", "req=01,02,03,8006,8026", "BEST BEFORE or BEST BY"),
    ai(("16", "16"), "*?", "N6,yymmd0", "req=01,02,03,8006,8026", "SELL BY"),
    ai(("17", "17"), "*?", "N6,yymmd0", "req=01,02,03,255,8006,8026", "USE BY or EXPIRY"),
    ai(("20", "20"), "*?", "N2", "req=01,02,03,8006,8026", "VARIANT"),
    ai(("21", "21"), "", "X..20", "req=01,03,8006 ex=235", "SERIAL"),
    ai(("22", "22"), "", "X..20", "req=01", "CPV"),
    ai(("235", "235"), "", "X..28", "req=01", "TPX"),
    ai(("240", "240"), "?", "X..30", "req=01,02,03,8006,8026", "ADDITIONAL ID"),
    ai(("241", "241"), "?", "X..30", "req=01,02,03,8006,8026", "CUST. PART No."),
    ai(("242", "242"), "?", "N..6", "req=01,02,8006,8026", "MTO VARIANT"),
    ai(("243", "243"), "?", "X..20", "req=01,03", "PCN"),
    ai(("250", "250"), "?", "X..30", "req=01+21,03+21,8006+21", "SECONDARY SERIAL"),
    ai(("251", "251"), "?", "X..30", "req=01,03,8006", "REF. TO SOURCE"),
    ai(("253", "253"), "?", "N13,csum,gcppos1 [X..17]", "dlpkey", "GDTI"),
    ai(("254", "254"), "", "X..20", "req=414", "GLN EXTENSION COMPONENT"),
    ai(("255", "255"), "?", "N13,csum,gcppos1 [N..12]", "dlpkey ex=01,02,415,8006,8020,8026", "GCN"),
    ai(("30", "30"), "?", "N..8", "req=01,02", "VAR. COUNT"),
    ai(("3100", "3105"), "*?", "N6", "req=01,02 ex=310n", "NET WEIGHT (kg)"),
    ai(("3110", "3115"), "*?", "N6", "req=01,02 ex=311n", "LENGTH (m)"),
    ai(("3120", "3125"), "*?", "N6", "req=01,02 ex=312n", "WIDTH (m)"),
    ai(("3130", "3135"), "*?", "N6", "req=01,02 ex=313n", "HEIGHT (m)"),
    ai(("3140", "3145"), "*?", "N6", "req=01,02 ex=314n", "AREA (m²)"),
    ai(("3150", "3155"), "*?", "N6", "req=01,02 ex=315n", "NET VOLUME (l)"),
    ai(("3160", "3165"), "*?", "N6", "req=01,02 ex=316n", "NET VOLUME (m³)"),
    ai(("3200", "3205"), "*?", "N6", "req=01,02 ex=320n", "NET WEIGHT (lb)"),
    ai(("3210", "3215"), "*?", "N6", "req=01,02 ex=321n", "LENGTH (in)"),
    ai(("3220", "3225"), "*?", "N6", "req=01,02 ex=322n", "LENGTH (ft)"),
    ai(("3230", "3235"), "*?", "N6", "req=01,02 ex=323n", "LENGTH (yd)"),
    ai(("3240", "3245"), "*?", "N6", "req=01,02 ex=324n", "WIDTH (in)"),
    ai(("3250", "3255"), "*?", "N6", "req=01,02 ex=325n", "WIDTH (ft)"),
    ai(("3260", "3265"), "*?", "N6", "req=01,02 ex=326n", "WIDTH (yd)"),
    ai(("3270", "3275"), "*?", "N6", "req=01,02 ex=327n", "HEIGHT (in)"),
    ai(("3280", "3285"), "*?", "N6", "req=01,02 ex=328n", "HEIGHT (ft)"),
    ai(("3290", "3295"), "*?", "N6", "req=01,02 ex=329n", "HEIGHT (yd)"),
    ai(("3300", "3305"), "*?", "N6", "req=00,01 ex=330n", "GROSS WEIGHT (kg)"),
    ai(("3310", "3315"), "*?", "N6", "req=00,01 ex=331n", "LENGTH (m), log"),
    ai(("3320", "3325"), "*?", "N6", "req=00,01 ex=332n", "WIDTH (m), log"),
    ai(("3330", "3335"), "*?", "N6", "req=00,01 ex=333n", "HEIGHT (m), log"),
    ai(("3340", "3345"), "*?", "N6", "req=00,01 ex=334n", "AREA (m²), log"),
    ai(("3350", "3355"), "*?", "N6", "req=00,01 ex=335n", "VOLUME (l), log"),
    ai(("3360", "3365"), "*?", "N6", "req=00,01 ex=336n", "VOLUME (m³), log"),
    ai(("3370", "3375"), "*?", "N6", "req=01 ex=337n", "KG PER m²"),
    ai(("3400", "3405"), "*?", "N6", "req=00,01 ex=340n", "GROSS WEIGHT (lb)"),
    ai(("3410", "3415"), "*?", "N6", "req=00,01 ex=341n", "LENGTH (in), log"),
    ai(("3420", "3425"), "*?", "N6", "req=00,01 ex=342n", "LENGTH (ft), log"),
    ai(("3430", "3435"), "*?", "N6", "req=00,01 ex=343n", "LENGTH (yd), log"),
    ai(("3440", "3445"), "*?", "N6", "req=00,01 ex=344n", "WIDTH (in), log"),
    ai(("3450", "3455"), "*?", "N6", "req=00,01 ex=345n", "WIDTH (ft), log"),
    ai(("3460", "3465"), "*?", "N6", "req=00,01 ex=346n", "WIDTH (yd), log"),
    ai(("3470", "3475"), "*?", "N6", "req=00,01 ex=347n", "HEIGHT (in), log"),
    ai(("3480", "3485"), "*?", "N6", "req=00,01 ex=348n", "HEIGHT (ft), log"),
    ai(("3490", "3495"), "*?", "N6", "req=00,01 ex=349n", "HEIGHT (yd), log"),
    ai(("3500", "3505"), "*?", "N6", "req=01,02 ex=350n", "AREA (in²)"),
    ai(("3510", "3515"), "*?", "N6", "req=01,02 ex=351n", "AREA (ft²)"),
    ai(("3520", "3525"), "*?", "N6", "req=01,02 ex=352n", "AREA (yd²)"),
    ai(("3530", "3535"), "*?", "N6", "req=00,01 ex=353n", "AREA (in²), log"),
    ai(("3540", "3545"), "*?", "N6", "req=00,01 ex=354n", "AREA (ft²), log"),
    ai(("3550", "3555"), "*?", "N6", "req=00,01 ex=355n", "AREA (yd²), log"),
    ai(("3560", "3565"), "*?", "N6", "req=01,02 ex=356n", "NET WEIGHT (tr oz)"),
    ai(("3570", "3575"), "*?", "N6", "req=01,02 ex=357n", "NET VOLUME (oz)"),
    ai(("3600", "3605"), "*?", "N6", "req=01,02 ex=360n", "NET VOLUME (qt (US))"),
    ai(("3610", "3615"), "*?", "N6", "req=01,02 ex=361n", "NET VOLUME (gal.)"),
    ai(("3620", "3625"), "*?", "N6", "req=00,01 ex=362n", "VOLUME (qt (US)), log"),
    ai(("3630", "3635"), "*?", "N6", "req=00,01 ex=363n", "VOLUME (gal (US)), log"),
    ai(("3640", "3645"), "*?", "N6", "req=01,02 ex=364n", "NET VOLUME (in³)"),
    ai(("3650", "3655"), "*?", "N6", "req=01,02 ex=365n", "NET VOLUME (ft³)"),
    ai(("3660", "3665"), "*?", "N6", "req=01,02 ex=366n", "NET VOLUME (yd³)"),
    ai(("3670", "3675"), "*?", "N6", "req=00,01 ex=367n", "VOLUME (in³), log"),
    ai(("3680", "3685"), "*?", "N6", "req=00,01 ex=368n", "VOLUME (ft³), log"),
    ai(("3690", "3695"), "*?", "N6", "req=00,01 ex=369n", "VOLUME (yd³), log"),
    ai(("37", "37"), "?", "N..8", "req=00+02,00+8026", "COUNT"),
    ai(("3900", "3909"), "?", "N..15", "req=255,8020 ex=390n,391n,394n,8111", "AMOUNT"),
    ai(("3910", "3919"), "?", "N3,iso4217 N..15", "req=8020 ex=391n", "AMOUNT"),
    ai(("3920", "3929"), "?", "N..15", "req=01+30,01+31nn,01+32nn,01+35nn,01+36nn ex=392n,393n", "PRICE"),
    ai(("3930", "3939"), "?", "N3,iso4217 N..15", "req=30,31nn,32nn,35nn,36nn ex=393n", "PRICE"),
    ai(("3940", "3943"), "?", "N4", "req=255 ex=394n,8111", "PRCNT OFF"),
    ai(("3950", "3955"), "?", "N6", "req=30,31nn,32nn,35nn,36nn ex=392n,393n,395n,8005", "PRICE/UoM"),
    ai(("400", "400"), "?", "X..30", "", "ORDER NUMBER"),
    ai(("401", "401"), "?", "X..30,gcppos1", "dlpkey", "GINC"),
    ai(("402", "402"), "?", "N17,csum,gcppos1", "dlpkey", "GSIN"),
    ai(("403", "403"), "?", "X..30", "req=00", "ROUTE"),
    ai(("410", "410"), "*?", "N13,csum,gcppos1", "", "SHIP TO LOC"),
    ai(("411", "411"), "*?", "N13,csum,gcppos1", "", "BILL TO"),
    ai(("412", "412"), "*?", "N13,csum,gcppos1", "", "PURCHASE FROM"),
    ai(("413", "413"), "*?", "N13,csum,gcppos1", "", "SHIP FOR LOC"),
    ai(("414", "414"), "*?", "N13,csum,gcppos1", "dlpkey=254|7040", "LOC No."),
    ai(("415", "415"), "*?", "N13,csum,gcppos1", "req=8020 dlpkey=8020", "PAY TO"),
    ai(("416", "416"), "*?", "N13,csum,gcppos1", "", "PROD/SERV LOC"),
    ai(("417", "417"), "*?", "N13,csum,gcppos1", "dlpkey=7040", "PARTY"),
    ai(("420", "420"), "?", "X..20", "ex=421", "SHIP TO POST"),
    ai(("421", "421"), "?", "N3,iso3166 X..9", "ex=4307", "SHIP TO POST"),
    ai(("422", "422"), "?", "N3,iso3166", "req=01,02,03,8006,8026 ex=426", "ORIGIN"),
    ai(("423", "423"), "?", "N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166", "req=01,02,03 ex=426", "COUNTRY - INITIAL PROCESS"),
    ai(("424", "424"), "?", "N3,iso3166", "req=01,02,03 ex=426", "COUNTRY - PROCESS"),
    ai(("425", "425"), "?", "N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166", "req=01,02,03 ex=426", "COUNTRY - DISASSEMBLY"),
    ai(("426", "426"), "?", "N3,iso3166", "req=01,02,03", "COUNTRY - FULL PROCESS"),
    ai(("427", "427"), "?", "X..3", "req=01+422,02+422,03+422", "ORIGIN SUBDIVISION"),
    ai(("4300", "4300"), "?", "X..35,pcenc", "req=00", "SHIP TO COMP"),
    ai(("4301", "4301"), "?", "X..35,pcenc", "req=00", "SHIP TO NAME"),
    ai(("4302", "4302"), "?", "X..70,pcenc", "req=00", "SHIP TO ADD1"),
    ai(("4303", "4303"), "?", "X..70,pcenc", "req=4302", "SHIP TO ADD2"),
    ai(("4304", "4304"), "?", "X..70,pcenc", "req=00", "SHIP TO SUB"),
    ai(("4305", "4305"), "?", "X..70,pcenc", "req=00", "SHIP TO LOC"),
    ai(("4306", "4306"), "?", "X..70,pcenc", "req=00", "SHIP TO REG"),
    ai(("4307", "4307"), "?", "X2,iso3166alpha2", "req=00", "SHIP TO COUNTRY"),
    ai(("4308", "4308"), "?", "X..30", "req=00", "SHIP TO PHONE"),
    ai(("4309", "4309"), "?", "N10,latitude N10,longitude", "req=00", "SHIP TO GEO"),
    ai(("4310", "4310"), "?", "X..35,pcenc", "req=00", "RTN TO COMP"),
    ai(("4311", "4311"), "?", "X..35,pcenc", "req=00", "RTN TO NAME"),
    ai(("4312", "4312"), "?", "X..70,pcenc", "req=00", "RTN TO ADD1"),
    ai(("4313", "4313"), "?", "X..70,pcenc", "req=4312", "RTN TO ADD2"),
    ai(("4314", "4314"), "?", "X..70,pcenc", "req=00", "RTN TO SUB"),
    ai(("4315", "4315"), "?", "X..70,pcenc", "req=00", "RTN TO LOC"),
    ai(("4316", "4316"), "?", "X..70,pcenc", "req=00", "RTN TO REG"),
    ai(("4317", "4317"), "?", "X2,iso3166alpha2", "req=00", "RTN TO COUNTRY"),
    ai(("4318", "4318"), "?", "X..20", "req=00", "RTN TO POST"),
    ai(("4319", "4319"), "?", "X..30", "req=00", "RTN TO PHONE"),
    ai(("4320", "4320"), "?", "X..35,pcenc", "req=00", "SRV DESCRIPTION"),
    ai(("4321", "4321"), "?", "N1,yesno", "req=00", "DANGEROUS GOODS"),
    ai(("4322", "4322"), "?", "N1,yesno", "req=00", "AUTH TO LEAVE"),
    ai(("4323", "4323"), "?", "N1,yesno", "req=00", "SIG REQUIRED"),
    ai(("4324", "4324"), "?", "N6,yymmd0 N4,hhmi", "req=00", "NOT BEF DEL DT"),
    ai(("4325", "4325"), "?", "N6,yymmd0 N4,hhmi", "req=00", "NOT AFT DEL DT"),
    ai(("4326", "4326"), "?", "N6,yymmdd", "req=00", "REL DATE"),
    ai(("4330", "4330"), "?", "N6 [X1],hyphen", "req=00 ex=4331", "MAX TEMP F."),
    ai(("4331", "4331"), "?", "N6 [X1],hyphen", "req=00 ex=4330", "MAX TEMP C."),
    ai(("4332", "4332"), "?", "N6 [X1],hyphen", "req=00 ex=4333", "MIN TEMP F."),
    ai(("4333", "4333"), "?", "N6 [X1],hyphen", "req=00 ex=4332", "MIN TEMP C."),
    ai(("7001", "7001"), "?", "N13", "req=01,02,8006,8026", "NSN"),
    ai(("7002", "7002"), "?", "X..30", "req=01,02", "MEAT CUT"),
    ai(("7003", "7003"), "?", "N6,yymmdd N4,hhmi", "req=01,02,03", "EXPIRY TIME"),
    ai(("7004", "7004"), "?", "N..4", "req=01+10,03+10", "ACTIVE POTENCY"),
    ai(("7005", "7005"), "?", "X..12", "req=01,02", "CATCH AREA"),
    ai(("7006", "7006"), "?", "N6,yymmdd", "req=01,02", "FIRST FREEZE DATE"),
    ai(("7007", "7007"), "?", "N6,yymmdd [N6],yymmdd", "req=01,02", "HARVEST DATE"),
    ai(("7008", "7008"), "?", "X..3", "req=01,02", "AQUATIC SPECIES"),
    ai(("7009", "7009"), "?", "X..10", "req=01,02", "FISHING GEAR TYPE"),
    ai(("7010", "7010"), "?", "X..2", "req=01,02,03", "PROD METHOD"),
    ai(("7011", "7011"), "?", "N6,yymmdd [N4],hhmi", "req=01,02,03", "TEST BY DATE"),
    ai(("7020", "7020"), "?", "X..20", "req=01+416,03+416,8006+416", "REFURB LOT"),
    ai(("7021", "7021"), "?", "X..20", "req=01,03,8006", "FUNC STAT"),
    ai(("7022", "7022"), "?", "X..20", "req=01+7021,03+7021,8006+7021", "REV STAT"),
    ai(("7023", "7023"), "?", "X..30,gcppos1", "", "GIAI - ASSEMBLY"),
    ai(("7030", "7030"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 0"),
    ai(("7031", "7031"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 1"),
    ai(("7032", "7032"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 2"),
    ai(("7033", "7033"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 3"),
    ai(("7034", "7034"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 4"),
    ai(("7035", "7035"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 5"),
    ai(("7036", "7036"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 6"),
    ai(("7037", "7037"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 7"),
    ai(("7038", "7038"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 8"),
    ai(("7039", "7039"), "?", "N3,iso3166999 X..27", "req=01,02", "PROCESSOR # 9"),
    ai(("7040", "7040"), "", "N1 X1 X1 X1,importeridx", "", "UIC+EXT"),
    ai(("7041", "7041"), "", "X..4,packagetype", "req=00", "UFRGT UNIT TYPE"),
    ai(("710", "710"), "?", "X..20", "req=01", "NHRN PZN"),
    ai(("711", "711"), "?", "X..20", "req=01", "NHRN CIP"),
    ai(("712", "712"), "?", "X..20", "req=01", "NHRN CN"),
    ai(("713", "713"), "?", "X..20", "req=01", "NHRN DRN"),
    ai(("714", "714"), "?", "X..20", "req=01", "NHRN AIM"),
    ai(("715", "715"), "?", "X..20", "req=01", "NHRN NDC"),
    ai(("716", "716"), "?", "X..20", "req=01", "NHRN AIC"),
    ai(("717", "717"), "?", "X..20", "req=01", "NHRN SRN"),
    ai(("7230", "7230"), "?", "X2 X..28", "req=01,8004", "CERT # 1"),
    ai(("7231", "7231"), "?", "X2 X..28", "req=01,8004", "CERT # 2"),
    ai(("7232", "7232"), "?", "X2 X..28", "req=01,8004", "CERT # 3"),
    ai(("7233", "7233"), "?", "X2 X..28", "req=01,8004", "CERT # 4"),
    ai(("7234", "7234"), "?", "X2 X..28", "req=01,8004", "CERT # 5"),
    ai(("7235", "7235"), "?", "X2 X..28", "req=01,8004", "CERT # 6"),
    ai(("7236", "7236"), "?", "X2 X..28", "req=01,8004", "CERT # 7"),
    ai(("7237", "7237"), "?", "X2 X..28", "req=01,8004", "CERT # 8"),
    ai(("7238", "7238"), "?", "X2 X..28", "req=01,8004", "CERT # 9"),
    ai(("7239", "7239"), "?", "X2 X..28", "req=01,8004", "CERT # 10"),
    ai(("7240", "7240"), "?", "X..20", "req=01,8006 ex=03", "PROTOCOL"),
    ai(("7241", "7241"), "?", "N2,mediatype", "req=8017,8018", "AIDC MEDIA TYPE"),
    ai(("7242", "7242"), "?", "X..25", "req=8017,8018", "VCN"),
    ai(("7250", "7250"), "?", "N8,yyyymmdd", "req=8018 ex=7251", "DOB"),
    ai(("7251", "7251"), "?", "N8,yyyymmdd N4,hhmi", "req=8018 ex=7250", "DOB TIME"),
    ai(("7252", "7252"), "?", "N1,iso5218", "req=8018", "BIO SEX"),
    ai(("7253", "7253"), "?", "X..40,pcenc", "req=8017,8018 ex=7256,7259", "FAMILY NAME"),
    ai(("7254", "7254"), "?", "X..40,pcenc", "req=8017,8018 ex=7256,7259", "GIVEN NAME"),
    ai(("7255", "7255"), "?", "X..10", "req=8017,8018 ex=7256,7259", "SUFFIX"),
    ai(("7256", "7256"), "?", "X..90,pcenc", "req=8017,8018", "FULL NAME"),
    ai(("7257", "7257"), "?", "X..70,pcenc", "req=8018", "PERSON ADDR"),
    ai(("7258", "7258"), "?", "X3,posinseqslash", "req=8018+7259", "BIRTH SEQUENCE"),
    ai(("7259", "7259"), "?", "X..40,pcenc", "req=8018 ex=7256", "BABY"),
    ai(("8001", "8001"), "?", "N4,nonzero N5,nonzero N3,nonzero N1,winding N1", "req=01", "DIMENSIONS"),
    ai(("8002", "8002"), "?", "X..20", "", "CMT No."),
    ai(("8003", "8003"), "?", "N1,zero N13,csum,gcppos1 [X..16]", "dlpkey", "GRAI"),
    ai(("8004", "8004"), "?", "X..30,gcppos1", "dlpkey=7040", "GIAI"),
    ai(("8005", "8005"), "?", "N6", "req=01,02", "PRICE PER UNIT"),
    ai(("8006", "8006"), "?", "N14,csum,gcppos2 N4,pieceoftotal", "ex=01,03,37 dlpkey=22,10,21", "ITIP"),
    ai(("8007", "8007"), "?", "X..34,iban", "req=415", "IBAN"),
    ai(("8008", "8008"), "?", "N6,yymmdd N2,hh [N2],mi [N2],ss", "req=01,02,03", "PROD TIME"),
    ai(("8009", "8009"), "?", "X..50", "req=00,01,03", "OPTSEN"),
    ai(("8010", "8010"), "?", "Y..30,gcppos1", "dlpkey=8011", "CPID"),
    ai(("8011", "8011"), "", "N..12,nozeroprefix", "req=8010", "CPID SERIAL"),
    ai(("8012", "8012"), "?", "X..20", "req=01,03,8006", "VERSION"),
    ai(("8013", "8013"), "?", "X..25,csumalpha,gcppos1", "dlpkey", "GMN"),
    ai(("8014", "8014"), "", "X..25,csumalpha,gcppos1,hasnondigit", "req=01", "MUDI"),
    ai(("8017", "8017"), "?", "N18,csum,gcppos1", "ex=8018 dlpkey=8019", "GSRN - PROVIDER"),
    ai(("8018", "8018"), "?", "N18,csum,gcppos1", "ex=8017 dlpkey=8019", "GSRN - RECIPIENT"),
    ai(("8019", "8019"), "", "N..10", "req=8017,8018", "SRIN"),
    ai(("8020", "8020"), "", "X..25", "req=415", "REF No."),
    ai(("8026", "8026"), "?", "N14,csum,gcppos2 N4,pieceoftotal", "req=37 ex=02,03,8006", "ITIP CONTENT"),
    ai(("8030", "8030"), "?", "Z..90", "req=00,01+21,03+21,253,255,8003,8004,8006+21,8010+8011,8017,8018", "DIGSIG"),
    ai(("8040", "8040"), "", "N15", "req=01+21", "IMEI"),
    ai(("8041", "8041"), "", "N15", "req=01+21+8040", "IMEI2"),
    ai(("8042", "8042"), "", "N32", "req=01+21+8040", "ESIM"),
    ai(("8043", "8043"), "", "N18 [N..2]", "req=01+21+8040", "PSIM"),
    ai(("8110", "8110"), "?", "X..70,couponcode", "", ""),
    ai(("8111", "8111"), "?", "N4", "req=255", "POINTS"),
    ai(("8112", "8112"), "?", "X..70,couponposoffer", "", ""),
    ai(("8200", "8200"), "", "X..70", "req=01", "PRODUCT URL"),
    ai(("90", "90"), "?", "X..30", "", "INTERNAL"),
    ai(("91", "99"), "?", "X..90", "", "INTERNAL"),
];
