"""An intake worker in a process of its own, for tests that kill it: database URL, broker URL, name, parts."""

import sys

from core import installation
from core.db import make_engine
from core.vault import Vault
from core.worker import stop_on_signals
from devices.intake import Intake
from devices.lanes import MqttAddress
from devices.share import ALONE, Share

if __name__ == "__main__":
    database, broker, name, parts = sys.argv[1:]
    db = installation.open_db(make_engine(database), Vault("test"))
    share = Share(int(parts), by_parts=True) if int(parts) > 1 else ALONE
    Intake(db, MqttAddress.of_url(broker), name, most=50, share=share).run(stop_on_signals())
