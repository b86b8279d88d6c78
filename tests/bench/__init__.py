"""What a night costs, beside SQL written by hand for the same files: ``make bench``.

    sample (tiny zone) ─▶ two nights ─▶ start-up                 ┐
    bench zone ─▶ full night ─▶ nothing new ─▶ 1 % new           ├─▶ figures checked ─▶ table, JSON
              └─▶ by hand (by_hand.py, by_hand.sql)              ┘

Belongs here: making the zones and keeping them (`zones`), the nights over them (`nights`),
measuring a process and all it starts (`measure`), the yardstick (`by_hand`), and showing what came
of it (`__main__`). No test asserts seconds: they are for people to read; what must hold is that
every figure is right.
"""
