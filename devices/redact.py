"""Takes what identifies people out of a raw message before it is kept."""

import re

# Meter numbers, telephone and SIM identities, names, birth dates, positions, as real kit sends them. A MAC
# with colons under "id" is a gateway's word for whoever walks past with a phone (OpenMQTTGateway).
_KEYS = (
    "mpan|mprn|imei|iccid|imsi|msisdn|phone|crd|citiz|citizen_id|name_?th|name_?en|first_?name|last_?name|full_?name"
    "|patient_?name|patient_?id|nhs_?number|brith|birth|birth_?date|dob|date_of_birth|e-?mail|postcode"
    "|lat|lon|lng|latitude|longitude|gps|ssid|bssid|custom_?name"
)
_PERSONAL = re.compile(
    rb'("(?:' + _KEYS.encode() + rb')"\s*:\s*)("(?:[^"\\]|\\.)*+"?|[^\s,{}\[\]"]+)', re.IGNORECASE
)
_NEARBY = re.compile(rb'("id"\s*:\s*)"[0-9A-F]{2}(?::[0-9A-F]{2}){5}"?', re.IGNORECASE)


def redacted(payload: bytes) -> bytes:
    """Return `payload` with the values of personal keys replaced and nothing else, broken JSON too."""
    return _NEARBY.sub(rb'\1"redacted"', _PERSONAL.sub(rb'\1"redacted"', payload))
