"""Checks an export of Austrian receipts with nobody's code but the standard library, cryptography and PyJWT."""
import base64
import hashlib
import json
import sys

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

OUT_OF_ORDER = b"Sicherheitseinrichtung ausgefallen"


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


folder = sys.argv[1]
export = json.load(open(folder + "/dep.json"))
keys = json.load(open(folder + "/keys.json"))
aes = base64.b64decode(keys["base64AESKey"])
units = {
    name: serialization.load_der_public_key(base64.b64decode(unit["signatureCertificateOrPublicKey"]))
    for name, unit in keys["certificateOrPublicKeyMap"].items()
}
before, turnover, receipts, unsigned, owed, numbers = None, 0, 0, 0, False, set()
for group in export["Belege-Gruppe"]:
    for receipt in group["Belege-kompakt"]:
        _, payload, signature = receipt.split(".")
        code = unpadded(payload).decode()
        fields = code.split("_")
        assert len(fields) == 13, "fields"
        cashbox, number, sums, counter, unit, chain = fields[2], fields[3], fields[5:10], *fields[10:]
        assert number not in numbers, "number"
        numbers.add(number)
        expected = hashlib.sha256((before or cashbox).encode()).digest()[:8]
        assert base64.b64decode(chain) == expected, "chain"
        zero = all(amount == "0,00" for amount in sums)
        if unpadded(signature) == OUT_OF_ORDER:
            unsigned += 1
            owed = True
        else:
            signed = jwt.PyJWS().decode(receipt, units[unit], algorithms=["ES256"])
            assert signed.decode() == code, "signature"
            assert not owed or (zero and counter not in ("VFJB", "U1RP")), "after an outage"
            owed = False
        if counter != "VFJB":
            turnover += sum(int(amount.replace(",", "")) for amount in sums)
        if counter not in ("VFJB", "U1RP"):
            start = hashlib.sha256((cashbox + number).encode()).digest()[:16]
            plain = Cipher(algorithms.AES(aes), modes.CTR(start)).decryptor().update(base64.b64decode(counter))
            assert int.from_bytes(plain, "big", signed=True) == turnover, "counter"
        before = receipt
        receipts += 1
print(f"{receipts} receipts, {unsigned} unsigned, {turnover} cents")
