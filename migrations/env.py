"""How Alembic reaches the database: as the owner, in one transaction for each migration."""

from alembic import context
from sqlalchemy import create_engine, pool
from sqlalchemy.dialects.postgresql.base import ischema_names

from care_plans.models import (
    alerts,
    calls,
    goals,
    handovers,
    messages,
    own_kit,
    plans,
    protecting,
    referrals,
    ringing,
    rotas,
    rules,
    scoring,
    trying,
    visits,
    watching,
    ways,
    webhooks,
    work,
)
from core import models as ground
from core.db import Base
from devices import hearing_models as hearing
from devices import joining_models as joining
from devices import models as kit
from devices import models_of_hours as hours
from devices import shared_kit_models as shared_kit
from people.models import (
    absences,
    accounts,
    agencies,
    attachments,
    authority,
    caring,
    checks,
    concerns,
    forms,
    homes,
    identity,
    people,
    sharing,
    wishes,
)

MODELS = (
    ground,
    absences,
    agencies,
    people,
    identity,
    homes,
    caring,
    sharing,
    wishes,
    authority,
    accounts,
    concerns,
    forms,
    attachments,
    checks,
    kit,
    hours,
    hearing,
    joining,
    shared_kit,
    plans,
    goals,
    rules,
    scoring,
    trying,
    alerts,
    work,
    ringing,
    visits,
    handovers,
    referrals,
    rotas,
    messages,
    own_kit,
    calls,
    ways,
    webhooks,
    watching,
    protecting,
)  # importing them fills the metadata

ischema_names["xid8"] = ground.Xid8


def include(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    """Partitions come and go with the months; they are not part of the models."""
    return not (kind == "table" and name is not None and name.startswith(("readings_", "reading_hours_")))


options = {
    "target_metadata": Base.metadata,
    "include_object": include,
    "compare_type": True,
    "transaction_per_migration": True,
}

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = context.config.attributes.get("connection") or create_engine(
        context.config.get_main_option("sqlalchemy.url") or "",
        poolclass=pool.NullPool,
        # A migration that waits for a lock makes everybody behind it wait: it gives up instead.
        connect_args={"options": "-c lock_timeout=10s -c statement_timeout=15min"},
    )
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
