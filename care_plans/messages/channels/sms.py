"""Text messages by GOV.UK Notify: short, with the time of what they tell, and a link to a page."""

import logging
from uuid import UUID

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from care_plans.messages.letter import TAKEN, Answer, Letter
from care_plans.messages.wording import local
from core.errors import Invalid, Unavailable

# The client logs what the service answered, which may quote what it was given.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

URL = "https://api.notifications.service.gov.uk"
TIMEOUT = 10.0  # seconds for one answer
LONGEST = 200  # letters of the words, so that two parts of 153 hold them and the link
FIELD = "message"
"""What the template at Notify holds, and nothing besides: ((message))."""
NOT_US = frozenset({401, 403})
LATER = frozenset({408, 429})
LOST = frozenset({"permanent-failure", "temporary-failure", "technical-failure"})


class SmsCarrier:
    """Sends letters as texts through one service at Notify.

    `key` is an API key as Notify shows it (name, service and secret in one), `template` the id of a text
    message template that holds ((message)) alone. `zone` is whose clock the times in texts are told by.
    """

    def __init__(
        self, key: str, template: str, *, web_url: str, zone: str, url: str = URL, timeout: float = TIMEOUT
    ) -> None:
        """Raises Invalid where the key or the template's id can't be one."""
        faults = {}
        if not all(_is_uuid(part) for part in (key[-36:], key[-73:-37])):
            faults["HEARTH_NOTIFY_KEY"] = "Give the API key as Notify shows it: its name, and two ids."
        if not _is_uuid(template):
            faults["HEARTH_NOTIFY_TEMPLATE"] = "Give the id of a text message template at Notify."
        if faults:
            raise Invalid(faults)
        self._client = NotificationsAPIClient(key, base_url=url, timeout=timeout)
        self._template = template
        self._web_url = web_url.rstrip("/")
        self._zone = zone

    def send(self, letter: Letter) -> Answer:
        """Hand in one text; Unavailable when Notify does not answer, or lets nobody in.

        That Notify takes it is not that it arrives. The reference is the letter's own id, which says nothing
        of anybody; where it may have been taken before, that is asked first, so that nobody is texted twice.
        """
        try:
            if letter.again and self._has_it(letter):
                return TAKEN
            self._client.send_sms_notification(
                phone_number=letter.to[0],
                template_id=self._template,
                personalisation={FIELD: self.text_of(letter)},
                reference=str(letter.uuid),
            )
        except APIError as fault:
            return _refused(fault)
        return TAKEN

    def text_of(self, letter: Letter) -> str:
        """What the text says: the subject, when that was, and where the rest is."""
        words = letter.subject if len(letter.subject) <= LONGEST else f"{letter.subject[:LONGEST]}…"
        when = f" {local(letter.at, self._zone)}." if letter.at else ""
        return f"{words}.{when} {self._web_url}{letter.path or '/'}"

    def _has_it(self, letter: Letter) -> bool:
        found = self._client.get_all_notifications(template_type="sms", reference=str(letter.uuid))
        return any(each.get("status") not in LOST for each in found.get("notifications", ()))


def _refused(fault: APIError) -> Answer:
    """What a refusal means: not this one, not now, or nobody at all. Only numbers are quoted."""
    if fault.status_code in NOT_US:
        raise Unavailable(f"Notify lets nobody in ({fault.status_code}).") from fault
    if fault.status_code in LATER:
        return Answer(f"Notify takes no more texts for now ({fault.status_code}).", again=True)
    if fault.status_code >= 500:
        raise Unavailable(f"Notify does not answer ({fault.status_code}).") from fault
    return Answer(f"Notify refuses it ({fault.status_code}): is it a telephone number that takes texts?")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == 36
