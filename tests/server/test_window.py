"""The window of a site and a real centre: what is given in it arrives, and the page says so."""

from pytestqt.qtbot import QtBot

from app.storage.journal import current_stream
from app.storage.receipts import upload_counts
from app.ui.centre_link import CentreLink
from app.ui.kit.theme import dress_window
from tests.factories import SmallSite
from tests.server.centre_process import CentreProcess, held
from tests.sync.local_journal import LocalJournal
from tests.ui.sync.rig import SyncRig


def test_a_paused_site_gives_all_it_has_to_a_real_centre_once_it_goes_on(
    shared_centre: CentreProcess, small_site: SmallSite, qtbot: QtBot
) -> None:
    """SYN-1, SYN-2: every entry is there once, and 同步正常 stands on receipts alone."""
    rig = SyncRig(small_site)
    dress_window(rig.shell)
    qtbot.addWidget(rig.shell)
    rig.open()
    stream = current_stream(rig.bench.read())
    device = LocalJournal(clock=small_site.clock)
    device.device_id = stream.device_id
    rig.link = CentreLink(rig.bench, shared_centre.url, shared_centre.transport(device))
    rig.link.pause_upload()
    rig.connect()
    rig.until(rig.paused, "uploading stands still")
    rig.vaccinate(2)
    assert upload_counts(rig.bench.read()).waiting == rig.saved(), "nothing goes up in a pause"
    rig.press("F9")
    rig.until(lambda: rig.page.banner.sentence == "同步正常", "everything is receipted")
    rig.close()
    with shared_centre.database() as database:
        assert len(held(database, device, stream.epoch)) == upload_counts(small_site.desk.read()).saved
