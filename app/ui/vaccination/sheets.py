"""The two questions asked on a sheet: why back to the doctor, and where the dose goes in."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.catalogue import BodySite, Product
from app.domain.checklist import body_sites_of
from app.ui.texts.needle import RETURN_REASONS
from app.ui.vaccination.choice_sheet import Choice, ChoiceSheet
from app.ui.vaccination.several_words import used_words
from app.workflows.needle import NeedleView


def doctor_sheet(over: QWidget, view: NeedleView, chosen: Callable[[str], object]) -> ChoiceSheet:
    """Return the sheet that asks why the person goes back to the doctor."""
    return ChoiceSheet(
        over,
        f"暂缓，退回医生：{view.encounter.ticket_number} {view.patient.name}",
        "不接种，号票保留；医生重新预检后再叫号。请选原因：",
        [Choice(reason, reason) for reason in RETURN_REASONS],
        chosen,
    )


def body_site_sheet(
    over: QWidget, view: NeedleView, planned: Product, chosen: Callable[[BodySite], object]
) -> ChoiceSheet:
    """Return the sheet that asks for the body site; the one that holds now is marked."""
    return ChoiceSheet(
        over,
        "换接种部位",
        "同一次打几针，请用不同的手臂或大腿。",
        [
            Choice(str(site), used_words(view, site), current=site is view.body_site)
            for site in body_sites_of(planned.route)
        ],
        lambda site: chosen(BodySite(site)),
    )
