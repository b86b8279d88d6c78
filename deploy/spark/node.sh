#!/bin/sh
# A node of a standalone Spark cluster, in the foreground, from the Spark that pyspark brings along.
#
#   deploy/spark/node.sh master
#   deploy/spark/node.sh worker spark://10.0.0.1:7077
#
# It listens on SPARK_LOCAL_IP (default 127.0.0.1: this machine alone). Spark's own variables say the
# rest, e.g. SPARK_MASTER_PORT, SPARK_WORKER_CORES, SPARK_WORKER_MEMORY, SPARK_WORKER_DIR.
# PYTHON is the Python that has pyspark (default: this checkout's).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-$here/../../.venv/bin/python}
SPARK_HOME=$("$python" -c '
import importlib.util
found = importlib.util.find_spec("pyspark")
if found is None:
    raise SystemExit("pyspark is not installed: type `make cluster`.")
print(found.submodule_search_locations[0])')
SPARK_CONF_DIR=${SPARK_CONF_DIR:-$here}
SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
export SPARK_HOME SPARK_CONF_DIR SPARK_LOCAL_IP

case "${1:-}" in
    master)
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
            --host "$SPARK_LOCAL_IP"
        ;;
    worker)
        exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
            --host "$SPARK_LOCAL_IP" "${2:?the master, e.g. spark://10.0.0.1:7077}"
        ;;
    *)
        echo "usage: $0 master | worker spark://HOST:PORT" >&2
        exit 2
        ;;
esac
