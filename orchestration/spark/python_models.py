"""Python models of dbt on Spark: run in the process and the session that dbt itself uses.

dbt-spark hands a Python model to Databricks alone; with a session of its own it knows no way. The
one given here runs the model's code where dbt runs:

    dbt ─▶ submit_python_job ─▶ SessionPythonJob ─▶ model(dbt, spark) ─▶ a table of the session
"""

from __future__ import annotations

from typing import Any

from dbt.adapters.base.impl import PythonJobHelper
from dbt.adapters.spark.impl import SparkAdapter
from pyspark.sql import SparkSession

METHOD = "session"


class SessionPythonJob(PythonJobHelper):
    """One run of a Python model.

    Args:
        parsed_model: the model, as dbt's manifest has it.
        credential: of the profile's target; a session needs none.
    """

    def __init__(self, parsed_model: dict[str, Any], credential: Any) -> None:  # noqa: ARG002
        self._path = str(parsed_model["original_file_path"])

    def submit(self, compiled_code: str) -> None:
        """Runs the code that dbt has made of the model; what it raises, the model raises.

        Args:
            compiled_code: defines the model, calls it, and writes its table by the name `spark`.
        """
        session = SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
        code = compile(compiled_code, self._path, "exec")
        exec(code, {"spark": session, "__name__": "model"})  # noqa: S102 - this project's own model


#: What dbt asks its adapter for Spark, and is answered here.
_WAY = {
    "python_submission_helpers": {METHOD: SessionPythonJob},
    "default_python_submission_method": METHOD,
}


def run_python_models_in_session() -> None:
    """Lets dbt, in this process, run Python models in its Spark session."""
    for name, value in _WAY.items():
        setattr(SparkAdapter, name, value)
