"""The servers that Hearthline brings with it: PostgreSQL and an MQTT broker."""
