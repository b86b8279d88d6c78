"""Apache Spark as the engine that builds a night's warehouse."""
