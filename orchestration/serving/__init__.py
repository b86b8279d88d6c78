"""The published warehouse for other programs and machines, over DuckDB's Quack protocol.

`server` is what `warehouse serve` runs: it watches what is published. `engine` is a process of its
own that holds one published file, read-only and locked; a night's swap starts another beside it.
`guard` is what that process lets through: questions only. `relay` takes the requests and gives
each to the engine that its session began with.
"""
