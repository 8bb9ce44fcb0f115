"""The one style sheet: how Qt's own controls (fields, lists, tables, scroll bars) look here."""

from pathlib import Path

from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, INNER_RADIUS, TARGET, Tokens

_ICONS = (Path(__file__).parents[3] / "resources" / "icons").as_posix()


def stylesheet(tokens: Tokens) -> str:
    """Return the sheet for ``tokens``; our own widgets paint themselves and need none."""
    return "\n".join((_fields(tokens), _choices(tokens), _lists(tokens), _scroll_bars(tokens)))


def _fields(t: Tokens) -> str:
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QDateEdit, QTimeEdit, QSpinBox, QDoubleSpinBox {{
  background: {t.surface}; color: {t.ink}; border: 1px solid {t.border};
  border-radius: {INNER_RADIUS}px; padding: 0 11px; min-height: {TARGET - 2}px;
  selection-background-color: {t.primary}; selection-color: {t.on_primary};
  placeholder-text-color: {t.muted};
}}
QPlainTextEdit, QTextEdit {{ padding: 6px 7px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QDateEdit:focus, QTimeEdit:focus,
QSpinBox:focus, QDoubleSpinBox:focus {{ border: 3px solid {t.primary}; padding: 0 9px;
  min-height: {TARGET - 6}px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 4px 5px; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"], QDateEdit[wrong="true"] {{
  border: 2px solid {t.danger}; padding: 0 10px; min-height: {TARGET - 4}px;
}}
QLineEdit:read-only {{ background: {t.disabled}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QDateEdit:disabled, QSpinBox:disabled {{
  background: {t.disabled}; color: {t.muted}; border-color: {t.line};
}}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{
  background: transparent; border: none; padding: 0; min-height: 0; border-radius: 0;
}}
QComboBox::drop-down {{ border: none; width: 36px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{
  image: url({_ICONS}/chevron-down.svg); width: 22px; height: 22px; }}
QDateEdit::drop-down {{ border: none; width: 36px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button,
QTimeEdit::up-button, QTimeEdit::down-button, QDateEdit::up-button, QDateEdit::down-button {{ width: 0; }}
QComboBox QAbstractItemView {{ border: 1px solid {t.border}; outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: {TARGET}px; }}
"""


def _choices(t: Tokens) -> str:
    return f"""
QCheckBox, QRadioButton {{ min-height: {TARGET}px; spacing: 10px; color: {t.ink}; padding: 0 4px; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 24px; height: 24px; }}
QCheckBox::indicator:unchecked {{ image: url({_ICONS}/box-empty.svg); }}
QCheckBox::indicator:checked {{ image: url({_ICONS}/box-ticked.svg); }}
QRadioButton::indicator:unchecked {{ image: url({_ICONS}/ring-empty.svg); }}
QRadioButton::indicator:checked {{ image: url({_ICONS}/ring-ticked.svg); }}
QCheckBox:focus, QRadioButton:focus {{
  border: 2px solid {t.ink}; border-radius: {INNER_RADIUS}px; padding: 0 2px;
}}
.QPushButton {{
  background: {t.surface}; color: {t.ink}; border: 1px solid {t.border}; border-radius: {INNER_RADIUS}px;
  min-height: {TARGET - 2}px; padding: 0 15px;
}}
.QPushButton:focus {{ border: 2px solid {t.ink}; padding: 0 14px; min-height: {TARGET - 4}px; }}
QToolTip {{
  background: {t.toast}; color: {t.on_nav}; border: 1px solid {t.ink}; padding: 6px 8px;
  font-size: {CAPTION_TEXT}px;
}}
QProgressBar {{ background: {t.track}; border: none; border-radius: 6px;
  min-height: 12px; max-height: 12px; }}
QProgressBar::chunk {{ background: {t.primary}; border-radius: 6px; }}
QTabBar::tab {{
  min-height: {TARGET}px; padding: 0 18px; color: {t.muted}; border: none;
  border-bottom: 3px solid transparent;
}}
QTabBar::tab:selected {{ color: {t.primary}; border-bottom: 3px solid {t.primary}; font-weight: bold; }}
QTabBar::tab:focus {{ border: 2px solid {t.ink}; }}
QTabWidget::pane {{ border: none; }}
"""


def _lists(t: Tokens) -> str:
    return f"""
QAbstractItemView {{
  background: {t.surface}; color: {t.ink}; border: none; gridline-color: {t.line};
  selection-background-color: {t.info_tint}; selection-color: {t.ink};
  font-size: {BODY_TEXT}px; outline: none;
}}
QHeaderView {{ background: {t.surface}; border: none; }}
QHeaderView::section {{
  background: {t.surface}; color: {t.muted}; border: none; border-bottom: 1px solid {t.line};
  padding: 0 8px; min-height: 32px; font-size: {CAPTION_TEXT}px; font-weight: bold; text-align: left;
}}
QMenu {{ background: {t.surface}; border: 1px solid {t.border}; padding: 4px; }}
QMenu::item {{ min-height: {TARGET}px; padding: 0 24px; }}
QMenu::item:selected {{ background: {t.info_tint}; color: {t.ink}; }}
"""


def _scroll_bars(t: Tokens) -> str:
    return f"""
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 0; }}
QScrollBar::handle {{ background: {t.border}; border-radius: 5px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 44px; }}
QScrollBar::handle:horizontal {{ min-width: 44px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
