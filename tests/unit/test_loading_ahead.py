"""Loading ahead of the night: batches, what others load, what a dead process left."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from good_rows import GOOD_ROWS, as_csv
from intake_home import Home as IntakeHome
from small_home import home_at

from orchestration.celery_workers import CELERY
from orchestration.leasing import give_up_dead, leases_of, nobody_loads, waited_for
from orchestration.loading_ahead import BATCH_BYTES, BATCH_FILES, batches
from orchestration.settings import SettingsError
from sources.intake import Receipt
from sources.leases import Leases, live_leases, release_holder

CONFIGURATION = Path(__file__).parents[2] / "deploy/celery/celery.yaml"
#: Leases the one file of a home and waits.
HOLDER = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], sys.argv[3]]
from small_home import home_at
from orchestration.leasing import leases_of
from orchestration.ledger import open_ledger
from sources.leases import Arrived
home = home_at(Path(sys.argv[1]))
with open_ledger(home) as ledger, leases_of(home, ledger, "killed") as leases:
    claimed = leases.claim([Arrived(*sys.argv[4:7])])
    print(len(claimed.mine), flush=True)
    sys.stdin.readline()
"""


def receipt(dataset: str, number: int, size: int = 10) -> Receipt:
    """A submission that waits."""
    return Receipt(dataset, f"{dataset}/{number}.csv", f"{number:064}", size)


def test_a_batch_is_of_one_dataset_and_keeps_the_order_of_receipt() -> None:
    came = [receipt("apples" if number % 2 else "pears", number) for number in range(40)]
    made = list(batches(came, "check"))
    assert [(batch.dataset, len(batch.receipts)) for batch in made] == [
        ("pears", BATCH_FILES), ("pears", 20 - BATCH_FILES),
        ("apples", BATCH_FILES), ("apples", 20 - BATCH_FILES),
    ]  # fmt: skip
    of_pears = [one for batch in made if batch.dataset == "pears" for one in batch.receipts]
    assert of_pears == [one for one in came if one.dataset == "pears"]


def test_a_large_file_is_a_batch_by_itself() -> None:
    sizes = [10, BATCH_BYTES * 2, 10, 10]
    made = batches([receipt("apples", n, size) for n, size in enumerate(sizes)], "check")
    assert [len(batch.receipts) for batch in made] == [1, 1, 2]


def test_nothing_that_waits_makes_no_batch() -> None:
    assert list(batches([], "check")) == []


@pytest.fixture
def waiting(home: IntakeHome) -> IntakeHome:
    """A home in which one file waits."""
    home.put("cluster_registrations/a.csv", as_csv([GOOD_ROWS["cluster_registrations"]]))
    for dataset in home.contracts:
        (home.landing / dataset).mkdir(exist_ok=True)
    home_at(home.root).prepare()
    return home


def test_what_others_load_is_waited_for_and_taken_when_they_leave_it(waiting: IntakeHome) -> None:
    seen = waiting.intake().look()
    other = Leases(waiting.ledger, "other")
    other.claim([one.arrived for one in seen.new])
    received = waiting.intake().receive()
    assert (received.new, received.elsewhere) == ((), seen.new)
    told: list[int] = []
    in_vain = waited_for(waiting.intake(), received, 1.2, told.append)
    assert in_vain == received
    assert told == [1]

    def leave(_files: int) -> None:
        release_holder(waiting.ledger, other.holder)

    taken = waited_for(waiting.intake(), received, 60, leave)
    assert (taken.new, taken.elsewhere) == (seen.new, ())


def test_a_night_does_not_record_what_it_was_given_up_for(waiting: IntakeHome) -> None:
    late = waiting.intake()
    receipts = late.receive().new
    with waiting.ledger.engine.begin() as connection:
        connection.exec_driver_sql(
            "update file_lease set expires_at = '2015-01-20 00:00:00.000000'"
        )
    _, taken = waiting.night()
    assert [one.outcome.status for one in taken.values()] == ["loaded"]
    loaded = late.load("cluster_registrations", receipts)
    assert [outcome.status for outcome in loaded.outcomes] == ["elsewhere"]
    assert len(waiting.ledger.fates_of_run("night")) == 1


def test_what_a_killed_process_of_this_machine_had_is_free_at_once(waiting: IntakeHome) -> None:
    (one,) = waiting.intake().look().new
    home = home_at(waiting.root)
    tests = Path(__file__).parents[1]
    process = subprocess.Popen(
        [
            sys.executable, "-c", HOLDER, str(home.root), str(tests), str(tests / "unit"),
            one.dataset, one.path, one.file_id,
        ],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    assert give_up_dead(home, waiting.ledger) == 0  # it lives
    assert len(live_leases(waiting.ledger)) == 1
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert give_up_dead(home, waiting.ledger) == 1
    assert live_leases(waiting.ledger) == []


def test_a_person_is_not_forgotten_while_a_file_is_loaded(waiting: IntakeHome) -> None:
    seen = waiting.intake().look()
    home = home_at(waiting.root)
    with leases_of(home, waiting.ledger, "run") as leases:
        leases.claim([one.arrived for one in seen.new])
        with (
            pytest.raises(SettingsError, match="cannot be done while files are loaded"),
            nobody_loads(home, waiting.ledger, "Forgetting a person"),
        ):
            pytest.fail("it was not refused")
    with nobody_loads(home, waiting.ledger, "Forgetting a person"):
        assert waiting.intake().take(seen.new).elsewhere == seen.new
    assert waiting.intake().take(seen.new).receipts == seen.new


def test_celerys_workers_are_configured_as_who_hands_out_the_batches() -> None:
    said = yaml.safe_load(CONFIGURATION.read_text())["execution"]["config"]
    broker = {"env": "WAREHOUSE_CELERY_BROKER"}
    assert said == {"broker": broker, "backend": broker, "config_source": CELERY}
