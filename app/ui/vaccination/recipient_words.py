"""What the recipient or guardian reads before the injection (一验证), in everyday words."""

from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import Route
from app.domain.identity import mask_name
from app.domain.people import age_on, is_minor
from app.ui.texts.words import BODY_SITES, SEXES, age_words, dose_words
from app.workflows.needle import NeedleView


@dataclass(frozen=True)
class RecipientWords:
    """Every line of the screen that is turned round."""

    title: str
    desk: str
    name: str
    person: str
    guardian: str
    vaccine_caption: str
    vaccine: str
    full_name: str
    dose: str
    facts: tuple[tuple[str, str], ...]
    """Caption and value: expiry, lot, quantity, where."""
    accept: str


def recipient_words(view: NeedleView, day: date, desk: str) -> RecipientWords | None:
    """Return what is shown, None while there is no vial or no plan to show."""
    vial, planned, patient = view.vial, view.planned, view.patient
    if vial is None or planned is None:
        return None
    oral = planned.route is Route.ORAL
    guardian = patient.guardian if is_minor(patient.birth_on, day) else None
    site = BODY_SITES[view.body_site] if view.body_site else ""
    return RecipientWords(
        title="服用之前，请您看一遍" if oral else "打针之前，请您看一遍",
        desk=desk,
        name=patient.name,
        person=f"{SEXES[patient.sex]}　{age_words(age_on(patient.birth_on, day))}　{patient.birth_on} 出生",
        guardian=f"家长 {mask_name(guardian.name)}" if guardian else "",
        vaccine_caption="今天要用的疫苗" if oral else "今天要打的疫苗",
        vaccine=planned.vaccine_name,
        full_name=planned.full_name,
        dose=dose_words(view.dose_number),
        facts=(
            ("有效期至", vial.lot.expires_on.isoformat()),
            ("批号", vial.lot.lot_number),
            ("剂量", f"{planned.dose_quantity_ml} 毫升"),
            ("用法", "口服") if oral else ("打在", site),
        ),
        accept="我看过了，都对",
    )
