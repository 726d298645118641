//! What a corner shop in Germany sells. All brands are invented.
//!
//! A line is `name|price in cents|marks`; `{a,b}` (or `{a|b}`, where a comma belongs to a name) makes one
//! item of each. Marks: `kg` (by
//! weight), `d8` `d15` `d25` (deposit in cents), `16` `18` (age), `bound` (price-bound), `open` (open
//! price), `out` (paid out), `p6` `p12` (a pack with its own code and price), `k12` `k20` (a crate), `t1` `t2`
//! (tax key other than the group's), `tile` (favourite), `no` (no stock is kept), `scale` (label scale).

/// A group: name, tax key, colour, least stock in pieces, goods.
pub(super) type Goods = (&'static str, u16, &'static str, i64, &'static str);

pub(super) const FRUIT: u16 = 1;
pub(super) const BREAD: u16 = 2;
pub(super) const DRINKS: u16 = 5;
pub(super) const ALCOHOL: u16 = 6;
pub(super) const SWEETS: u16 = 7;
pub(super) const FROZEN: u16 = 9;
pub(super) const PRESS: u16 = 11;
pub(super) const DEPOSIT: u16 = 14;

/// The groups, numbered from 1.
pub(super) const GROUPS: &[Goods] = &[
    (
        "Obst & Gemüse",
        2,
        "#2e7d32",
        4,
        "\
Bananen|179|kg tile
Äpfel {Elstar,Braeburn,Boskoop,Gala}|249|kg
Birnen Conference|279|kg
Orangen|229|kg
Mandarinen|299|kg
Trauben {hell,blau}|399|kg
Zwetschgen|349|kg
Tomaten|299|kg
Rispentomaten|379|kg
Kartoffeln {festkochend,mehligkochend}|149|kg
Zwiebeln|139|kg
Möhren|129|kg
Paprika {rot,gelb,grün}|449|kg
Zucchini|279|kg
Auberginen|329|kg
Rosenkohl|399|kg
Rotkohl|149|kg
Champignons braun|699|kg
Ingwer|799|kg
Knoblauch|899|kg
Salatgurke Stück|89|tile
Kopfsalat Stück|129|
Eisbergsalat Stück|149|
Blumenkohl Stück|229|
Brokkoli 500 g|179|
Zitronen Netz 500 g|169|
Avocado Stück|119|
Mango Stück|199|
Kiwi Stück|45|
Petersilie Bund|99|
Schnittlauch Bund|99|
Radieschen Bund|89|
Erdbeeren Schale 500 g|349|
Heidelbeeren Schale 250 g|279|
Spinat 500 g|249|
Lauch Stück|79|
Sellerie Stück|149|
Feldsalat 150 g|179|
Rucola 125 g|149|
Suppengrün Bund|199|",
    ),
    (
        "Backwaren",
        2,
        "#8d6e63",
        6,
        "\
Brötchen|39|no tile
Mohnbrötchen|55|no
Roggenbrötchen|59|no tile
Laugenbrezel|89|no tile
Croissant|129|no tile
Schokocroissant|159|no
Apfeltasche|189|no
Streuselschnecke|199|no
Berliner|149|no
Bauernbrot 1 kg Mühlenhof|449|
Roggenmischbrot 750 g Mühlenhof|399|
Dinkelbrot 500 g Mühlenhof|389|
Vollkornbrot 500 g Mühlenhof|329|
Baguette|179|
Toastbrot 500 g {Weizen,Vollkorn}|149|
Käsekuchen Stück|299|no
Bienenstich Stück|289|no
Rosinenbrot 500 g|349|
Kürbiskernbrötchen|69|no
Nussecke|219|no
Apfelkuchen Stück|279|no
Zwieback 225 g|149|
Knäckebrot 250 g|129|",
    ),
    (
        "Käse & Wurst",
        2,
        "#c9a227",
        3,
        "\
Gouda {jung,mittelalt,alt}|1290|kg scale
Bergkäse|2190|kg scale
Emmentaler|1590|kg scale
Tilsiter|1390|kg scale
Butterkäse|1190|kg scale
Camembert Lindenhof 200 g|219|
Feta-Art Lindenhof 200 g|229|
Frischkäse Lindenhof 200 g {natur,Kräuter}|149|
Mozzarella 125 g|99|
Parmesan gerieben 100 g|249|
Kochschinken|1990|kg scale
Roher Schinken|2690|kg scale
Salami|2290|kg scale
Fleischwurst|1190|kg scale
Leberwurst fein|1390|kg scale
Mettwurst|1490|kg scale
Mortadella|1390|kg scale
Wiener Würstchen 4 St.|329|
Bratwurst 5 St.|449|
Salami geschnitten 100 g|199|
Putenbrust geschnitten 100 g|229|
Bacon 100 g|199|
Ziegenkäse 150 g|299|
Reibekäse 200 g|219|
Schmelzkäse 200 g|169|
Kräuterbutter 100 g|129|
Hähnchenbrust 400 g|549|
Hackfleisch gemischt 500 g|499|",
    ),
    (
        "Molkerei & Eier",
        2,
        "#1565c0",
        8,
        "\
Frische Milch 1 l {3,8 %|1,5 %}|119|tile
H-Milch 1 l {3,5 %|1,5 %}|99|p12
Haferdrink 1 l Feldgold|179|t1
Sahne 200 g|99|
Schmand 200 g|89|
Saure Sahne 200 g|79|
Crème fraîche 200 g|119|
Butter 250 g Lindenhof|229|tile
Butter gesalzen 250 g Lindenhof|249|
Margarine 500 g|179|
Joghurt natur 500 g|129|
Fruchtjoghurt 150 g {Erdbeere,Kirsche,Pfirsich,Vanille,Heidelbeere,Stracciatella}|59|
Skyr 400 g {natur,Vanille}|199|
Quark 250 g {mager,20 %,40 %}|99|
Buttermilch 500 g|89|
Kefir 500 g|109|
Schokopudding 200 g|69|
Grießpudding 175 g|79|
Milchreis 200 g {natur,Zimt,Kirsche}|79|
Eier 10 St. {Freiland,Bodenhaltung,Bio}|299|tile
Kakaotrunk 0,5 l|149|d25",
    ),
    (
        "Getränke",
        1,
        "#00838f",
        10,
        "\
Mineralwasser Quellgrund {classic,medium,still} 1,0 l|69|d25 p6 tile
Mineralwasser Waldbrunn 0,7 l Glas {classic,still}|59|d15 k12
Cola Nordstern 1,0 l|149|d25 p6
Cola Nordstern 0,33 l Dose {,zero}|99|d25 p6
Limonade Nordstern 1,0 l {Orange,Zitrone}|139|d25 p6
Apfelschorle Lindenhof 1,0 l|129|d25 p6
Apfelsaft Lindenhof 1,0 l {klar,naturtrüb}|169|
Orangensaft Lindenhof 1,0 l|229|
Multivitaminsaft 1,0 l|189|
Traubensaft 1,0 l|219|
Tomatensaft 0,75 l|199|
Eistee Nordstern 1,5 l {Pfirsich,Zitrone}|149|d25
Energy Blitz 0,25 l Dose {,zuckerfrei,Mango}|119|d25
Mate Falke 0,5 l|129|d15 k20
Kombucha 0,33 l|219|d8
Cola-Mix Falke 0,5 l|109|d15 k20
Bitter Lemon 0,5 l|129|d25
Tonic Water 0,5 l|129|d25
Iso-Sport 0,75 l|159|d25
Malztrunk 0,5 l|99|d8 k20
Kirschnektar 1,0 l|199|
Holunderschorle 0,5 l|119|d25
Kaffee to go|199|no
Eiskaffee 0,25 l Becher {Latte,Espresso}|179|",
    ),
    (
        "Bier, Wein & Spirituosen",
        1,
        "#7b1f3a",
        6,
        "\
Pils Brunnenbräu 0,5 l|99|16 d8 k20 tile
Helles Brunnenbräu 0,5 l|105|16 d8 k20 tile
Weizen Brunnenbräu 0,5 l {hell,dunkel}|109|16 d8 k20
Export Sudkessel 0,5 l|95|16 d8 k20
Kellerbier Sudkessel 0,5 l|119|16 d15 k20
Radler Brunnenbräu 0,5 l|99|16 d8 k20
Pils alkoholfrei Brunnenbräu 0,5 l|99|d8 k20
Pils Brunnenbräu 0,33 l 6er|529|16
Starkbier Sudkessel 0,5 l|139|16 d8
Cidre 0,75 l|349|16
Riesling trocken Weingut Morgenberg 0,75 l|699|16
Grauburgunder Weingut Morgenberg 0,75 l|749|16
Spätburgunder Weingut Morgenberg 0,75 l|799|16
Dornfelder halbtrocken 0,75 l|499|16
Rotwein Landgut 1,0 l|399|16
Weißwein Landgut 1,0 l|399|16
Rosé 0,75 l|549|16
Sekt Morgenberg {trocken,halbtrocken} 0,75 l|599|16
Sekt Piccolo 0,2 l|229|16
Glühwein 1,0 l|299|16
Korn Heidekrug 0,7 l|799|18
Wodka Polarlicht 0,7 l|899|18
Gin Waldgeist 0,5 l|1999|18
Rum Seebär 0,7 l {weiß,braun}|1099|18
Kräuterlikör Heidekrug 0,7 l|1199|18
Kräuterlikör Heidekrug 2 cl|99|18
Whisky Moorland 0,7 l|1799|18
Obstler 0,5 l|1299|18
Eierlikör 0,5 l|699|18",
    ),
    (
        "Süßwaren & Snacks",
        2,
        "#ad1457",
        8,
        "\
Schokolade Talhof 100 g {Vollmilch,Zartbitter,Nuss,Joghurt,Marzipan,Weiße,Trauben-Nuss,Keks}|129|
Schokoriegel Knusper {Karamell,Nuss,Kokos,Waffel}|89|tile
Gummitiere 200 g {Bären,Frösche,sauer,Cola}|119|
Lakritz 200 g|149|
Fruchtbonbons 150 g|129|
Hustenbonbons 75 g|169|
Kaugummi {Minze,Frucht}|119|
Minzpastillen 50 g|149|
Butterkekse 200 g|139|
Doppelkekse Kakao 400 g|199|
Waffelröllchen 150 g|179|
Spekulatius 300 g|229|
Lebkuchen 200 g|249|
Chips 175 g {Paprika,gesalzen,Essig,Chili}|189|
Salzstangen 250 g|109|
Erdnüsse geröstet 250 g|199|
Studentenfutter 200 g|279|
Cashewkerne 150 g|299|
Popcorn süß 150 g|149|
Müsliriegel {Nuss,Beere,Schoko}|79|
Überraschungsei Talhof|109|
Pralinen Talhof 200 g|499|",
    ),
    (
        "Konserven & Vorrat",
        2,
        "#ef6c00",
        6,
        "\
Spaghetti Casa Nuova 500 g|129|
Penne Casa Nuova 500 g|129|
Fusilli Casa Nuova 500 g|129|
Reis 1 kg {Langkorn,Basmati}|249|
Linsen 500 g|199|
Mehl Type 405 1 kg|99|
Dinkelmehl 1 kg|199|
Zucker 1 kg|119|
Puderzucker 250 g|89|
Salz 500 g|49|
Haferflocken 500 g {zart,kernig}|99|
Müsli 500 g {Früchte,Schoko,Nuss}|329|
Cornflakes 375 g|249|
Tomaten gehackt 400 g|89|
Passierte Tomaten 500 g|99|
Tomatenmark 200 g|119|
Ketchup 450 ml|199|
Senf mittelscharf 200 ml|109|
Mayonnaise 250 ml|149|
Sonnenblumenöl 1 l|249|
Olivenöl 0,5 l|749|
Essig 0,75 l|129|
Kidneybohnen 400 g|109|
Mais 300 g|119|
Erbsen 400 g|109|
Gewürzgurken 670 g|229|
Sauerkraut 500 g|139|
Thunfisch 150 g {in Öl,natur}|199|
Heringsfilet 200 g {Tomate,Senf}|219|
Linseneintopf 800 g|279|
Ravioli 800 g|249|
Erdbeerkonfitüre 340 g|229|
Honig 500 g|549|
Nuss-Nougat-Creme 400 g|299|
Kaffee Hafenrösterei 500 g {gemahlen,Bohne}|799|
Kaffee löslich 100 g|549|
Espresso Hafenrösterei 250 g|599|
Kräutertee 25 Btl. {Kamille,Pfefferminz,Fenchel}|179|
Schwarztee 25 Btl.|229|
Kakaopulver 250 g|249|
Brühwürfel 10 St.|149|
Pfeffer gemahlen 50 g|249|
Paprika edelsüß 50 g|179|
Zimt 35 g|159|
Backpulver 10 St.|69|
Couscous 500 g|199|
Kichererbsen 400 g|109|
Sojasauce 150 ml|199|
Curry 45 g|179|
Oregano 15 g|149|
Knäckegebäck 125 g|169|
Kokosmilch 400 ml|179|
Pesto Casa Nuova 190 g {Basilikum,Tomate}|249|
Vanillezucker 10 St.|79|
Hundefutter 400 g|129|
Katzenfutter 400 g|109|",
    ),
    (
        "Tiefkühl",
        2,
        "#4a90a4",
        4,
        "\
Pizza {Margherita,Salami,Spinat,Thunfisch}|349|
Pommes frites 750 g|279|
Fischstäbchen 15 St.|429|
Rahmspinat 500 g|199|
Gemüsepfanne 750 g|329|
Erbsen 450 g|199|
Himbeeren 300 g|349|
Brötchen 10 St.|279|
Eis 500 ml {Vanille,Schoko,Erdbeere}|349|
Eis am Stiel {Nuss,Frucht,Sahne}|199|
Lasagne 400 g|399|
Kräuterbaguette 2 St.|179|
Chicken Nuggets 400 g|399|
Beerenmischung 500 g|399|",
    ),
    (
        "Haushalt & Drogerie",
        1,
        "#6a1b9a",
        4,
        "\
Toilettenpapier 8 Rollen|399|
Küchenrolle 4 St.|279|
Taschentücher 15 × 10|229|
Spülmittel 500 ml|149|
Spülschwämme 5 St.|129|
Spülmaschinentabs 30 St.|599|
Waschmittel flüssig 1,1 l|549|
Weichspüler 1 l|249|
Allzweckreiniger 1 l|199|
Glasreiniger 0,5 l|179|
Müllbeutel {10 l,35 l,60 l}|229|
Alufolie 30 m|249|
Backpapier 20 Bogen|179|
Gefrierbeutel 3 l|149|
Zahnpasta 75 ml|149|
Zahnbürste|199|
Duschgel 250 ml {Frische,Mandel}|179|
Shampoo 300 ml|249|
Seife fest 100 g|99|
Handcreme 75 ml|229|
Sonnencreme 200 ml|599|
Wattestäbchen 200 St.|129|
Geschenkpapier 2 m|249|
Paketband|199|
Deo 150 ml|279|
Rasierer 5 St.|349|
Tampons 16 St.|229|t2
Binden 14 St.|199|t2
Pflaster 20 St.|249|
Kerzen 4 St.|299|
Teelichte 50 St.|399|
Streichhölzer 10 Schachteln|149|
Batterien AA 4 St.|449|
Glühlampe LED E27|499|
Feuerzeug|129|
Kugelschreiber|149|
Briefumschläge 25 St.|229|
Tragetasche Papier|25|no tile
Grußkarte|299|",
    ),
    (
        "Zeitungen & Zeitschriften",
        2,
        "#37474f",
        2,
        "\
Morgenbote|260|bound tile
Tagblatt am Eck|290|bound
Sportkurier|180|bound
Wochenspiegel|590|bound
Rätselheft Denkpause|320|bound
Gartenfreund|490|bound
Kinderheft Rasselbande|440|bound
Fernsehwoche|250|bound
Taschenbuch Krimi|1200|bound",
    ),
    (
        "Tabak",
        1,
        "#4e342e",
        5,
        "\
Zigaretten Nordwind 20 St. {rot,blau,gelb}|820|18 bound
Zigaretten Hafen 20 St. {rot,weiß}|790|18 bound
Zigaretten Nordwind Big Pack 27 St.|1100|18 bound
Feinschnitt Hafen 40 g|990|18 bound
Zigarillos 10 St.|350|18 bound
Drehpapier|100|18
Filter 120 St.|150|18",
    ),
    (
        "Blumen",
        2,
        "#d81b60",
        2,
        "\
Blumenstrauß gemischt|0|open no tile
Schnittblumen|0|open no
Rosen 10 St.|599|
Tulpen 10 St.|449|
Orchidee im Topf|1299|
Basilikum im Topf|229|
Weihnachtsstern|499|",
    ),
    (
        "Pfand",
        1,
        "#a8652a",
        0,
        "\
Leergut {0,08|0,15|0,25}|0|out no tile
Leergut Kasten leer|150|out no tile",
    ),
];
