"""What a centre has for a device that asked by stick: pages of its feeds, findings, the next certificate.

The pages leave nothing out as the device's own, as those of a line do: a device that has taken another reply
in between finds its place in a page by the digest, and takes the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from app.domain.feed import START, FeedPosition
from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.enrolment import encode_enrolled
from app.sync.frame import CODEC_COLUMNS, MAX_FRAME_BYTES
from app.sync.pages import MAX_FINDINGS, Feeds, Pull
from app.sync.question import Question
from app.sync.reply import Parting, Reply
from server.authority import Authority
from server.database import Database
from server.devices import Device, renew
from server.feed import areas_of, is_in_feed, read_feeds
from server.feedback import read_feedback
from server.incarnation import incarnation_of
from server.second_place import durable_to

ROOM = MAX_FRAME_BYTES - (2 << 20)
"""Bytes of answers in a reply that goes back over a line, which lets an answer be of ``MAX_FRAME_BYTES``."""
ROOM_ON_A_STICK = 48 << 20
"""In one that is written to a file at the centre."""


@dataclass(frozen=True)
class Asker:
    """A device in good standing that asks."""

    device: Device
    shown: bytes
    """The fingerprint of the certificate it asks under."""
    question: Question


def with_answers(database: Database, authority: Authority, asker: Asker, reply: Reply, room: int) -> Reply:
    """Return a reply with the answers to a question behind the receipts it holds.

    ``room``: bytes of all answers; what does not fit comes with the reply to the next question.
    """
    question, now = asker.question, reply.made_at
    areas = sorted(set(areas_of(database, asker.device.sites).values()))
    held = {area: question.held[area] for area in areas if area in question.held}
    partings = _partings(database, held)
    starts = {area: marks[0] for area, marks in held.items()}
    starts |= {area: parting.agreed for area, parting in partings.items()}
    incarnation, durable = incarnation_of(database), durable_to(database)
    answers, weight, more = list(reply.answers), sum(map(len, reply.answers)), False
    for feeds in chain(_findings(database, asker), _pages(database, asker.device, starts)):
        answer = wire.Answer(wire.Welcome(incarnation, now, durable_to=durable), feeds=feeds)
        frame = wire.encode_answer(answer, CODEC_COLUMNS)
        weight += len(frame)
        if weight > room:
            more = True
            break
        answers.append(frame)
    enrolled = _renewed(database, authority, asker, now)
    return replace(
        reply, answers=tuple(answers), heard=question.heard, partings=partings, enrolled=enrolled, more=more
    )


def _partings(database: Database, held: Mapping[str, Sequence[FeedPosition]]) -> dict[str, Parting]:
    """Return by area where a copy is not this centre's, and up to where it is."""
    found = {}
    for area, marks in held.items():
        agreed = next((mark for mark in marks if is_in_feed(database, area, mark)), START)
        if agreed != marks[0]:
            found[area] = Parting(marks[0], agreed)
    return found


def _findings(database: Database, asker: Asker) -> Iterator[Feeds]:
    heard, more = asker.question.heard, True
    while more and (told := read_feedback(database, asker.device.device_id, heard)) is not None:
        yield Feeds(feedback=told)
        heard, more = told.next, len(told.findings) == MAX_FINDINGS


def _pages(database: Database, device: Device, starts: Mapping[str, FeedPosition]) -> Iterator[Feeds]:
    """Yield page by page what lies beyond the starts, of one area after the other."""
    at = dict(starts)
    while (page := (feeds := read_feeds(database, device, {}, Pull(at))).page) is not None:
        yield feeds
        at[page.area] = page.next


def _renewed(database: Database, authority: Authority, asker: Asker, now: datetime) -> bytes:
    """Return the frame with the next certificate, if one was asked for as it has to be."""
    if asker.question.csr:
        with suppress(Refusal):
            return encode_enrolled(renew(database, authority, asker.shown, asker.question.csr, now))
    return b""
