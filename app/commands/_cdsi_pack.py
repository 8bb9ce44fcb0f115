"""From the CDC's supporting data (XML) to a pack: names change, nothing is judged."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from app.domain.schedule.pack import Pack
from app.domain.schedule.reading import read_pack
from app.domain.schedule.refusals import SupportingDataBroken, SupportingDataMissing

Json = dict[str, Any]

SCHEDULE = "ScheduleSupportingData.xml"
SEXES = {"male", "female", "unknown"}
COMPARE = {"greater than": "more", "equal to": "equal", "equal": "equal", "less than": "fewer"}


def read_supporting_data(folder: Path, edition: str) -> tuple[Pack, str]:
    """Return the pack that the files of a folder say, and its text.

    Refuses with ``SupportingDataMissing``, ``SupportingDataBroken`` or ``PackBroken``.
    """
    text = json.dumps(cdsi_pack(folder, edition), ensure_ascii=False, indent=1) + "\n"
    return read_pack(text, f"cdsi-{edition}.json"), text


def edition_of(folder: Path) -> str:
    """Return the version that the folder's path names, as ``4.64``; ``unknown`` when it names none."""
    found = re.findall(r"\d+\.\d+", str(folder))
    return found[-1] if found else "unknown"


def cdsi_pack(folder: Path, version: str) -> Json:
    """Return the pack that the files of a folder say, as JSON."""
    schedule = _root(next(iter(sorted(folder.rglob(SCHEDULE))), folder / SCHEDULE))
    antigens = [_antigen(_root(file)) for file in sorted(folder.rglob("AntigenSupportingData*.xml"))]
    if not antigens:
        raise SupportingDataMissing(str(folder), "AntigenSupportingData*.xml")
    pack: Json = {
        "pack": "cdsi",
        "edition": version,
        "title": f"CDSi supporting data {version}",
        "source": {"title": "CDC Clinical Decision Support for Immunization", "edition": version},
        "status": "unverified",
        "valid_from": "1900-01-01",
        "arithmetic": "cdsi",
        "groups": _groups(schedule),
        "conflicts": [_conflict(one) for one in schedule.iter("liveVirusConflict")],
        "observations": [
            {"code": _text(one, "observationCode"), "title": _text(one, "observationTitle")}
            for one in schedule.iter("observation")
        ],
        "antigens": antigens,
    }
    pack["vaccines"] = _vaccines(schedule, pack)
    return pack


def _root(file: Path) -> Element:
    try:
        return ElementTree.parse(file).getroot()
    except OSError:
        raise SupportingDataMissing(str(file.parent), file.name) from None
    except ElementTree.ParseError as error:
        raise SupportingDataBroken(file.name, error.position[0]) from None


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _some(**fields: Any) -> Json:
    """Leave out what is empty."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, False)}


def _date(text: str) -> str:
    """Return 20230912 or 01/01/1957 as an ISO date."""
    if "/" in text:
        month, day, year = text.split("/")
        return f"{year}-{month:0>2}-{day:0>2}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if text else ""


def _codes(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]


def _groups(schedule: Element) -> list[Json]:
    whole = {
        _text(one, "name"): _text(one, "administerFullVaccineGroup") for one in schedule.iter("vaccineGroup")
    }
    return [
        {"group": _text(one, "name"), "antigens": [found.text or "" for found in one.iter("antigen")]}
        | _some(administer_full=whole.get(_text(one, "name")) == "Yes")
        for one in schedule.iter("vaccineGroupMap")
    ]


def _conflict(one: Element) -> Json:
    return _some(
        previous=[_text(one, "previous/cvx")],
        current=[_text(one, "current/cvx")],
        begin=_text(one, "conflictBeginInterval"),
        abs_end=_text(one, "minConflictEndInterval"),
        end=_text(one, "conflictEndInterval"),
    )


def _vaccines(schedule: Element, pack: Json) -> list[Json]:
    """Return the vaccines of the map, and those that are only named in a rule."""
    known = {
        _text(one, "cvx"): {"code": _text(one, "cvx"), "title": _text(one, "shortDescription")}
        | _some(
            antigens=[
                {"antigen": _text(held, "antigen")}
                | _some(
                    begin_age=_text(held, "associationBeginAge"), end_age=_text(held, "associationEndAge")
                )
                for held in one.iter("association")
            ]
        )
        for one in schedule.iter("cvxMap")
    }
    for code in _named(pack):
        known.setdefault(code, {"code": code, "title": ""})
    return list(known.values())


def _named(value: Any, name: str = "") -> Iterator[str]:
    """Yield every vaccine code that a rule names."""
    if isinstance(value, dict):
        for inner, member in value.items():
            yield from _named(member, inner)
    elif isinstance(value, list):
        for member in value:
            yield from _named(member, name)
    elif name in {"vaccine", "vaccines", "inadvertent", "from_most_recent", "previous", "current"}:
        yield value


def _antigen(root: Element) -> Json:
    series = [_series(one) for one in root.findall("series")]
    return {
        "antigen": _text(root, "series/targetDisease"),
        "immunity": _immunity(root),
        "contraindications": [
            *(_against(one) for one in root.findall("contraindications/vaccineGroup/contraindication")),
            *(_against(one) for one in root.findall("contraindications/vaccine/contraindication")),
        ],
        "series": series,
    }


def _immunity(root: Element) -> Json:
    return _some(
        observations=[_text(one, "guidelineCode") for one in root.findall("immunity/clinicalHistory")],
        born=[
            {"before": _date(_text(one, "immunityBirthDate"))}
            | _some(
                country=_text(one, "birthCountry"),
                unless=[_text(out, "exclusionCode") for out in one.iter("exclusion")],
            )
            for one in root.findall("immunity/dateOfBirth")
        ],
    )


def _ages(one: Element) -> Json:
    return _some(begin_age=_text(one, "beginAge"), end_age=_text(one, "endAge"))


def _against(one: Element) -> Json:
    vaccines = [{"vaccine": _text(held, "cvx")} | _ages(held) for held in one.iter("contraindicatedVaccine")]
    return (
        {"observation": _text(one, "observationCode")}
        | _some(text=_text(one, "contraindicationText"), vaccines=vaccines)
        | _ages(one)
    )


def _series(one: Element) -> Json:
    kind = _text(one, "seriesType").lower().replace(" ", "_")
    sexes = [(found.text or "").strip().lower() for found in one.findall("requiredGender")]
    return {
        "series_id": _text(one, "seriesName"),
        "title": _text(one, "seriesName"),
        "group": _text(one, "vaccineGroup"),
        "type": kind,
        "selection": _selection(one),
        "doses": [_dose(dose) for dose in one.findall("seriesDose")],
    } | _some(
        sexes=[sex for sex in sexes if sex in SEXES],
        equivalent_groups=_codes(_text(one, "equivalentSeriesGroups")),
        indications=[
            {"observation": _text(found, "observationCode/code")} | _ages(found)
            for found in one.findall("indication")
            if _text(found, "observationCode/code")
        ],
    )


def _selection(one: Element) -> Json:
    preference = _text(one, "selectSeries/seriesPreference")
    return _some(
        default=_text(one, "selectSeries/defaultSeries") == "Yes",
        product_path=_text(one, "selectSeries/productPath") == "Yes",
        series_group=_text(one, "selectSeries/seriesGroup"),
        priority=_text(one, "selectSeries/seriesPriority"),
        preference=int(preference) if preference else None,
        min_age_to_start=_text(one, "selectSeries/minAgeToStart"),
        max_age_to_start=_text(one, "selectSeries/maxAgeToStart"),
    )


def _period(one: Element) -> Json:
    return _some(valid_from=_date(_text(one, "effectiveDate")), valid_to=_date(_text(one, "cessationDate")))


def _lowest(absolute: str, least: str) -> str:
    """Without an absolute minimum CDSi sets none; a pack would take the minimum."""
    return absolute or ("0 days" if least else "")


def _dose(one: Element) -> Json:
    return _some(
        ages=[found for age in one.findall("age") if (found := _age(age))],
        intervals=[found for gap in one.findall("interval") if (found := _interval(gap))],
        allowable_intervals=[found for gap in one.findall("allowableInterval") if (found := _shorter(gap))],
        preferable=[_preferable(found) for found in one.findall("preferableVaccine") if _text(found, "cvx")],
        allowable=[
            {"vaccine": _text(found, "cvx")} | _ages(found)
            for found in one.findall("allowableVaccine")
            if _text(found, "cvx")
        ],
        inadvertent=[
            _text(found, "cvx") for found in one.findall("inadvertentVaccine") if _text(found, "cvx")
        ],
        skips=[_skip(found) for found in one.findall("conditionalSkip") if found.find("set") is not None],
        recurring=_text(one, "recurringDose") == "Yes",
        season=_season(one),
    )


def _season(one: Element) -> Json:
    return _some(
        start=_date(_text(one, "seasonalRecommendation/startDate")),
        end=_date(_text(one, "seasonalRecommendation/endDate")),
    )


def _age(one: Element) -> Json:
    return _some(
        abs_min=_lowest(_text(one, "absMinAge"), _text(one, "minAge")),
        min=_text(one, "minAge"),
        earliest=_text(one, "earliestRecAge"),
        latest=_text(one, "latestRecAge"),
        max=_text(one, "maxAge"),
    ) | _period(one)


def _from(one: Element) -> Json:
    target = _text(one, "fromTargetDose")
    return _some(
        from_previous=_text(one, "fromPrevious") == "Y",
        from_dose=int(target) if target else None,
        from_most_recent=_codes(_text(one, "fromMostRecent")),
        from_observation=_text(one, "fromRelevantObs/code"),
    )


def _interval(one: Element) -> Json:
    return (
        _from(one)
        | _some(
            abs_min=_lowest(_text(one, "absMinInt"), _text(one, "minInt")),
            min=_text(one, "minInt"),
            earliest=_text(one, "earliestRecInt"),
            latest=_text(one, "latestRecInt"),
            override=_text(one, "intervalPriority") == "override",
        )
        | _period(one)
    )


def _shorter(one: Element) -> Json:
    absolute = _text(one, "absMinInt")
    return _from(one) | {"abs_min": absolute} | _period(one) if absolute else {}


def _preferable(one: Element) -> Json:
    return (
        {"vaccine": _text(one, "cvx"), "forecast": _text(one, "forecastVaccineType") == "Y"}
        | _ages(one)
        | _some(market_holder=_text(one, "mvx"), volume_ml=_text(one, "volume"))
    )


def _skip(one: Element) -> Json:
    return {
        "context": _text(one, "context").lower() or "both",
        "logic": "and" if _text(one, "setLogic") == "AND" else "or",
        "sets": [
            {
                "logic": "or" if _text(found, "conditionLogic") == "OR" else "and",
                "about": _text(found, "setDescription"),
                "conditions": [_condition(asked) for asked in found.findall("condition")],
            }
            | _period(found)
            for found in one.findall("set")
        ],
    }


def _condition(one: Element) -> Json:
    kind = _text(one, "conditionType").lower()
    count = _text(one, "doseCount")
    compare = COMPARE.get(_text(one, "doseCountLogic").lower(), "more")
    return {"kind": "vaccine_count" if kind.startswith("vaccine count") else kind.replace(" ", "_")} | _some(
        begin_age=_text(one, "beginAge"),
        end_age=_text(one, "endAge"),
        start=_date(_text(one, "startDate")),
        end=_day_before(_date(_text(one, "endDate"))),
        interval=_text(one, "interval"),
        count=int(count) if count else None,
        compare=compare if count else None,
        valid_only=_text(one, "doseType").lower() == "valid",
        vaccines=_codes(_text(one, "vaccineTypes")),
        series_groups=_codes(_text(one, "seriesGroups")),
    )


def _day_before(text: str) -> str:
    """CDSi counts before the end date, a pack through its last day."""
    return (date.fromisoformat(text) - timedelta(1)).isoformat() if text else ""
