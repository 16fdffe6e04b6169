"""How a feed is damaged: what arrives, in which order, in place of the frames that were sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import NamedTuple, cast

from overcut.domain.frame import Frame

MOST_LATE_MS = 10_000


class Storm(NamedTuple):
    """What arrives, in order of arrival, and which of the sent frames are among it, by index."""

    arrivals: list[Frame]
    arrived: set[int]


def delayed(frames: Sequence[Frame], random: Random, share: float = 1.0) -> Storm:
    """A share of the frames comes up to 10 s late with its original stamp; ties of a topic stay together."""
    late: dict[tuple[int, str], float] = {}
    for frame in frames:
        name = (frame.t_ms, frame.topic)
        if name not in late:
            late[name] = random.uniform(0, MOST_LATE_MS) if random.random() < share else 0.0
    arrivals = sorted(frames, key=lambda frame: frame.t_ms + late[frame.t_ms, frame.topic])
    return Storm(arrivals, set(range(len(frames))))


def repeated(frames: Sequence[Frame], random: Random, share: float = 0.2) -> Storm:
    """A share of the frames comes again within 10 s: same topic, stamp and bytes."""
    order = [(frame.t_ms + random.uniform(0, MOST_LATE_MS), frame) for frame in frames if random.random() < share]
    both = sorted([*((frame.t_ms, frame) for frame in frames), *order], key=lambda item: item[0])
    return Storm([frame for _, frame in both], set(range(len(frames))))


def dropped(frames: Sequence[Frame], random: Random, share: float = 0.01) -> Storm:
    """A share of the frames never comes."""
    kept = [index for index in range(len(frames)) if random.random() >= share]
    return Storm([frames[index] for index in kept], set(kept))


def cut(frames: Sequence[Frame], random: Random, cuts: int = 3, longest_ms: int = 60_000) -> Storm:
    """The connection breaks a few times; each time it resumes, a snapshot of every topic comes first."""
    start_ms, end_ms = frames[0].t_ms, frames[-1].t_ms
    begins = sorted(random.randrange(start_ms + 1, max(start_ms + 2, end_ms - longest_ms)) for _ in range(cuts))
    gaps = [(begin, begin + random.randrange(1_000, longest_ms)) for begin in begins]
    lost = {index for index, frame in enumerate(frames) if any(begin <= frame.t_ms < resume for begin, resume in gaps)}
    arrivals: list[Frame] = []
    resumes = [resume for _, resume in gaps]
    for index, frame in enumerate(frames):
        while resumes and frame.t_ms >= resumes[0]:
            resume = resumes.pop(0)
            if not any(begin <= resume < end for begin, end in gaps):
                arrivals += snapshot(frames[:index], resume)
        if index not in lost:
            arrivals.append(frame)
    return Storm(arrivals, set(range(len(frames))) - lost)


def joined_late(frames: Sequence[Frame], random: Random) -> Storm:
    """A client that comes in the middle gets a snapshot and what follows."""
    first = random.randrange(len(frames) // 4, len(frames) * 3 // 4)
    while first and frames[first - 1].t_ms == frames[first].t_ms:
        first -= 1
    arrivals = [*snapshot(frames[:first], frames[first].t_ms), *frames[first:]]
    return Storm(arrivals, set(range(first, len(frames))))


def died(frames: Sequence[Frame], random: Random) -> Storm:
    """One topic falls silent for good somewhere in the middle."""
    topics = sorted({frame.topic for frame in frames} - {"SessionInfo"})
    dead, when_ms = random.choice(topics), frames[random.randrange(len(frames) // 4, len(frames))].t_ms
    kept = [index for index, frame in enumerate(frames) if frame.topic != dead or frame.t_ms < when_ms]
    return Storm([frames[index] for index in kept], set(kept))


def everything(frames: Sequence[Frame], random: Random) -> Storm:
    """Drops, repetitions and delays at once."""
    lost = dropped(frames, random)
    again = repeated(lost.arrivals, random, share=0.1)
    return Storm(delayed(again.arrivals, random, share=0.05).arrivals, lost.arrived)


STORMS = {
    "delayed": delayed,
    "repeated": repeated,
    "dropped": dropped,
    "cut": cut,
    "joined_late": joined_late,
    "topic_died": died,
    "everything": everything,
}


def snapshot(frames: Sequence[Frame], t_ms: int) -> list[Frame]:
    """What the feed answers to a subscription at ``t_ms``: each topic's whole document, marked as a keyframe."""
    documents: dict[str, object] = {}
    for frame in frames:
        documents[frame.topic] = _merged(documents.get(frame.topic), json.loads(frame.payload))
    told: list[Frame] = []
    for topic, document in documents.items():
        marked = {**cast(dict[str, object], document), "_kf": True} if isinstance(document, dict) else document
        told.append(Frame(t_ms, topic, json.dumps(marked).encode(), frames[0].source))
    return told


def _merged(state: object, patch: object) -> object:
    """The feed's own merge (wire.md): objects by key, lists by index, ``_deleted`` keys go, anything else replaced."""
    if not isinstance(patch, dict):
        return patch
    members = cast(dict[str, object], patch)
    if isinstance(state, list):
        elements = cast(list[object], state)
        for key, value in members.items():
            if key.isdecimal():
                elements.extend({} for _ in range(int(key) + 1 - len(elements)))
                elements[int(key)] = _merged(elements[int(key)], value)
        return elements
    known = cast(dict[str, object], state) if isinstance(state, dict) else {}
    for key, value in members.items():
        if key == "_deleted":
            for name in cast(list[str], value):
                known.pop(name, None)
        else:
            known[key] = _merged(known.get(key), value)
    return known
