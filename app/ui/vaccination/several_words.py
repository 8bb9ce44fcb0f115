"""Of several doses at one visit: which one this is, what shares its limb."""

from app.domain.catalogue import BodySite
from app.ui.texts.words import BODY_SITES
from app.workflows.needle import NeedleView


def caption_words(view: NeedleView) -> str:
    """Return which of today's doses this one is: 今天 2 种，这是第 1 种."""
    if len(view.doses) < 2:
        return "应种疫苗·医生已定"
    given = sum(dose.immunization_id is not None for dose, _ in view.doses)
    return f"今天 {len(view.doses)} 种，这是第 {min(given + 1, len(view.doses))} 种"


def limb_words(view: NeedleView) -> str:
    """Return what goes into the same limb: 与乙肝疫苗同侧，隔开; empty where nothing does."""
    names = "、".join(product.vaccine_name for product in view.same_limb)
    return f"与{names}同侧，隔开" if names else ""


def used_words(view: NeedleView, body_site: BodySite) -> str:
    """Return a body site with what goes in there beside this dose: 左上臂（乙肝疫苗 已打）."""
    said = [
        f"{product.vaccine_name} {'已打' if dose.immunization_id else '要打'}"
        for dose, product in view.doses
        if dose.body_site is body_site and view.planned and product.product_code != view.planned.product_code
    ]
    name = BODY_SITES[body_site]
    return f"{name}（{'、'.join(said)}）" if said else name
