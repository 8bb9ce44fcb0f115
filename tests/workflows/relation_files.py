"""Relation files as suppliers send them: a carton, its boxes, their vials, of one lot."""

from datetime import date

from app.domain.catalogue import PackLevel, Product


def relation_file(
    product: Product, lot_number: str, expires_on: date, boxes: int = 6, each: int = 10
) -> bytes:
    """Return the file of one full carton of a product that comes in boxes of ten."""
    prefix = {one.level: one.code_prefix for one in reversed(product.identifications) if one.code_prefix}
    carton = f"{prefix[PackLevel.CARTON]}{9_000_000:013d}"
    lines = [_line(carton, 3, "")]
    for box in range(boxes):
        inner = f"{prefix[PackLevel.INNER]}{9_000_000 + box:013d}"
        lines.append(_line(inner, 2, carton))
        for vial in range(each):
            lines.append(_line(f"{prefix[PackLevel.UNIT]}{9_000_000 + box * each + vial:013d}", 1, inner))
    head = f'<Batch batchNo="{lot_number}" madeDate="2026-01-31" validateDate="{expires_on}">'
    body = "".join(lines)
    relation = (
        f'<Relation productCode="{product.code_prefix}" cascade="1:10:60">{head}{body}</Batch></Relation>'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Document>{relation}</Document>'.encode()


def _line(code: str, layer: int, parent: str) -> str:
    return f'<Code curCode="{code}" packLayer="{layer}" parentCode="{parent}" flag="0"/>'
