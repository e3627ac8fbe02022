"""The test's own connection as a worker's installation."""

from sqlalchemy.orm import Session

from tests.app.conftest import DbOnConnection


class OfWorkers(DbOnConnection):
    """Sessions in the workers' role, which sees every row."""

    def session(self) -> Session:
        return Session(
            self._connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"clock": self.clock, "vault": self.vault},
        )
