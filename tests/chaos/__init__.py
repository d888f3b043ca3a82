"""The promises of the house, broken on purpose: processes killed, servers restarted, providers lying. Marker: `chaos`.

Each promise, the test that fails when its mechanism is taken out, and the mechanism:

1   An event is handled exactly once in effect.
    test_repeated_and_shuffled.py, test_killed_workers.py: inbox unique by (channel, external id); one transaction a turn;
    dedupe keys on effects; `originId` and reading back before a write is repeated.
2   A message is never silently lost and never blindly doubled.
    test_killed_workers.py (in flight), test_refusing_providers.py, test_lost_servers.py: claim, send, record; `settle_stale`
    makes a dead worker's claim `unknown`; `OutcomeUnknown` is never repeated by itself.
3   After a takeover the bot says nothing.
    test_races.py: the epoch and the chat's row lock inside the claim.
4   A lead has at most one manager.
    test_races.py: the rotation's lock, the old status in `give_to`'s WHERE, the constraint on open assignments.
5   A running dialogue never changes its script; a timer set before a restart fires after it.
    test_strict_doors.py (publish), test_killed_workers.py (timer): the pinned version; timers are rows, their id is the event's.
6   Two quick messages get one answer.
    journeys/test_two_at_once.py: texts wait for the rest of the sentence and are read together.
9   Personal data are strict.
    test_strict_doors.py: consent before the phone; masking in the logs.
10  Bad input gets a clear answer and changes nothing.
    test_strict_doors.py: the doors check before they store.
"""
