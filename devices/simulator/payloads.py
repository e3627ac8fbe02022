"""How each piece of kit puts what it measured into a message: topic and bytes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from devices.simulator.kit import (
    APPLIANCE,
    DOOR,
    ELECTRICITY,
    GAS,
    HUMIDITY,
    MOTION,
    POWER,
    TEMPERATURE,
    KitSpec,
)

UNITS: Mapping[str, str] = {"spo2": "%", "systolic": "mm[Hg]", "diastolic": "mm[Hg]", "weight": "kg"}

Values = Sequence[tuple[str, float]]


def own(
    spec: KitSpec, device_key: str, taken: Sequence[tuple[datetime, Values]], sent: datetime
) -> tuple[str, bytes]:
    """Hearthline's own format: up to 500 readings in one message, on the urgent topic for life-safety kit."""
    readings: list[dict[str, Any]] = []
    for at, values in taken:
        for kind, value in values:
            reading: dict[str, Any] = {"kind": kind, "value": value, "at": stamp(at)}
            if kind in UNITS:
                reading["unit"] = UNITS[kind]
            readings.append(reading)
    body = {
        "message_id": f"{spec.key_suffix}-{stamp(taken[0][0])}",
        "sent_at": stamp(sent),
        "readings": readings,
    }
    return f"hearth/v1/{device_key}/{'urgent' if spec.life_safety else 'readings'}", orjson.dumps(body)


def status(device_key: str, battery: int | None) -> tuple[str, bytes]:
    """The state of kit that speaks our own format."""
    said: dict[str, Any] = {"state": "online", "firmware": "2.4.1"}
    if battery is not None:
        said["battery"] = battery
    return f"hearth/v1/{device_key}/status", orjson.dumps(said)


def zigbee(spec: KitSpec, hub_key: str, at: datetime, values: Values, battery: int) -> tuple[str, bytes]:
    """A sensor's state as Zigbee2MQTT publishes it, under the hub's key and the sensor's address."""
    body: dict[str, Any] = {}
    for kind, value in values:
        if kind == TEMPERATURE:
            body["temperature"] = value
        elif kind == HUMIDITY:
            body["humidity"] = value
        elif kind == MOTION:
            body["occupancy"] = bool(value)
        elif kind == DOOR:
            body |= {"contact": not value, "voltage": 2600 + 4 * battery}
        elif kind == APPLIANCE:
            body |= {"power": value, "current": round(value / 241, 2), "state": "ON", "voltage": 241}
    if spec.battery:
        body["battery"] = battery
    body |= {"last_seen": stamp(at), "linkquality": 60 + int((spec.address or "0")[-2:], 16) // 2}
    return f"hearth/v1/{hub_key}/zigbee2mqtt/{spec.address}", orjson.dumps(body)


def glow(device_key: str, at: datetime, values: Values, began: Mapping[str, float]) -> tuple[str, bytes]:
    """A meter as the Glow display publishes it; `began` is the dial at the start of day, week and month.

    It counts its days by UTC, as real ones do, which summer time turns into 01:00.
    """
    said = dict(values)
    fuel = ELECTRICITY if ELECTRICITY in said else GAS
    through: dict[str, Any] = {"cumulative": said[fuel], "units": "kWh"}
    through |= {period: round(said[fuel] - then, 3) for period, then in began.items()}
    if fuel == ELECTRICITY:
        through |= {"mpan": "9900000000000", "supplier": "---"}
        meter: dict[str, Any] = {"timestamp": stamp(at), "energy": {"import": through}}
        meter["power"] = {"value": round(said[POWER] / 1000, 3), "units": "kW"}
        return f"hearth/v1/{device_key}/glow/SENSOR/electricitymeter", orjson.dumps(
            {"electricitymeter": meter}
        )
    # A cubic metre of gas is about 11.1 kWh at the calorific value suppliers bill by.
    through |= {"cumulativevol": round(said[fuel] / 11.1, 3), "cumulativevolunits": "m3"}
    through |= {"mprn": "9900000000", "supplier": "---"}
    meter = {"timestamp": stamp(at), "energy": {"import": through}}
    return f"hearth/v1/{device_key}/glow/SENSOR/gasmeter", orjson.dumps({"gasmeter": meter})


def shelly(device_key: str, at: datetime, values: Values, battery: int) -> tuple[str, bytes]:
    """A Shelly H&T that wakes, says everything, and sleeps again; its own clock is not set by then."""
    said = dict(values)
    name = f"shellyplusht-{device_key}"
    params: dict[str, Any] = {
        "ts": round(at.timestamp(), 2),
        "devicepower:0": {
            "id": 0,
            "battery": {"V": round(4.4 + battery / 60, 2), "percent": battery},
            "external": {"present": False},
        },
        "humidity:0": {"id": 0, "rh": said[HUMIDITY]},
        "temperature:0": {"id": 0, "tC": said[TEMPERATURE], "tF": round(said[TEMPERATURE] * 1.8 + 32, 1)},
        "sys": {"unixtime": None, "wakeup_reason": {"boot": "deepsleep_wake", "cause": "periodic"}},
    }
    body = {"src": name, "dst": f"{name}/events", "method": "NotifyFullStatus", "params": params}
    return f"hearth/v1/{device_key}/shelly/events/rpc", orjson.dumps(body)


def stamp(at: datetime) -> str:
    """RFC 3339, UTC, to the second, or to the millisecond where there is one."""
    utc = at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")
