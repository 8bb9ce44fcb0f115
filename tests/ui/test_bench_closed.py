"""What comes home after the work was put away is for nobody: the store it would read is gone."""

from PySide6.QtCore import QCoreApplication, QObject

from app.ui.bench import Bench
from tests.factories import SmallSite


def test_an_answer_that_comes_home_after_the_end_is_not_delivered(small_site: SmallSite) -> None:
    bench, owner, heard = Bench(small_site.desk), QObject(), list[str]()
    for closing in (False, True):
        bench.submit(owner, lambda _: heard.append("answer"), lambda act: None)
        small_site.store.write(lambda transaction: None)  # behind it: the answer is on its way
        if closing:
            bench.close()
        QCoreApplication.processEvents()
    assert heard == ["answer"]
