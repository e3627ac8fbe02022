"""Takes what identifies people out of a raw message before it is kept."""

import re

# Meter numbers, telephone and SIM identities, names, birth dates, positions, as real kit sends them. A MAC
# with colons under "id" is a gateway's word for whoever walks past with a phone (OpenMQTTGateway).
_KEYS = (
    "mpan|mprn|imei|iccid|imsi|msisdn|phone|crd|citiz|citizen_id|name_?th|name_?en|first_?name|last_?name|full_?name"
    "|patient_?name|patient_?id|nhs_?number|brith|birth|birth_?date|dob|date_of_birth|e-?mail|postcode"
    "|lat|lon|lng|long|latitude|longitude|gps|gateway_lat|gateway_long|gateway_h3index|ssid|bssid|custom_?name"
    "|device_?name|application_?name|tenant_?name|family|given|text|display|div|user_id|user_notes"
)
_PERSONAL = re.compile(
    rb'("(?:' + _KEYS.encode() + rb')"\s*:\s*)("(?:[^"\\]|\\.)*+"?|\[[^\[\]{}]*+(?:\]|$)|[^\s,{}\[\]"]+)',
    re.IGNORECASE,
)
_NEARBY = re.compile(rb'("id"\s*:\s*)"[0-9A-F]{2}(?::[0-9A-F]{2}){5}"?', re.IGNORECASE)
# The number to ring, words of whoever set the unit up, and positions, as SCAIP has them.
_ELEMENTS = "crd|cdt|dte|stt|lva|lte|ico|ite|geo|gga|tim|tnu"
_IN_XML = re.compile(
    rb"(<(?:[a-z]+:)?(?:" + _ELEMENTS.encode() + rb")(?:\s[^<>/]*+)?>)(?:[^<]|<(?!/))*+", re.IGNORECASE
)
# In FHIR a person is also a reference, and an NHS number a value like any other.
_PATIENT = re.compile(rb'(Patient/)[^"\s]++')
_NHS_NUMBER = re.compile(rb'("value"\s*:\s*)"\d{3}[ -]?\d{3}[ -]?\d{4}"')


def redacted(payload: bytes) -> bytes:
    """Return `payload` with what is personal by its key or element replaced and nothing else, broken too."""
    if payload.lstrip(b"\x00\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _IN_XML.sub(rb"\1redacted", payload)
    bare = _NHS_NUMBER.sub(rb'\1"redacted"', _PATIENT.sub(rb"\1redacted", payload))
    return _NEARBY.sub(rb'\1"redacted"', _PERSONAL.sub(rb'\1"redacted"', bare))
