"""What goes between the teams of Westmere: referrals, a prompt to the landlord, somebody who asks."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo.agencies import Westmere
from app.demo.households import Laid
from care_plans.models.referrals import Referral
from care_plans.referral_states import AskedBy, AskedHow, DeclineReason, ReferralKind, Result, Urgency
from care_plans.referrals import answering, self_referrals, sending
from care_plans.referrals.sending import Asked
from people import care_teams, signing_in
from people.access import RecordClass, Viewer
from people.models.people import Person

HOUR = timedelta(hours=1)


def lay(session: Session, westmere: Westmere, laid: list[Laid], now: datetime) -> None:
    """Lay a handful, for the first people of the place; each by those who would."""
    people = [one.people[0] for one in laid[:5]]
    if len(people) < 5:
        return
    nurses, social = westmere.teams["Community nurses"], westmere.teams["Adult social work"]
    homes, hub = westmere.teams["Neighbourhood officers"], westmere.teams["Westmere hub"]
    who = {
        name: signing_in.viewer_of(session, westmere.staff[name], now)
        for name in ("Cora", "Dev", "Hana", "Sol")
    }
    began = now - 30 * HOUR

    def send(person: Person, by: Viewer, asked: Asked, at: datetime) -> Referral | None:
        if (
            asked.from_team is not None
            and care_teams.find(session, person.id, asked.from_team.id, at) is None
        ):
            return None
        return sending.send(session, person, asked, by=by, now=at)

    plan = frozenset({RecordClass.PLAN})
    waiting = Asked(
        ReferralKind.REFERRAL, "See whether a morning call would help with dressing and breakfast.", nurses,
        social, Urgency.SAME_DAY, "Breathless when she bends. Rings back best after ten.", includes=plan,
    )  # fmt: skip
    send(people[0], who["Dev"], waiting, now - HOUR)
    prompt = Asked(
        ReferralKind.REFERRAL, "Black mould behind the bed; 15 degrees there on three mornings.", hub,
        homes, about_home=True, includes=frozenset({RecordClass.HOME_ENVIRONMENT}),
    )  # fmt: skip
    told = send(people[1], who["Cora"], prompt, now - 3 * HOUR)
    if told is not None:
        answering.reached(session, told, now - 2 * HOUR, now - 2 * HOUR, how="Its message was delivered.")
    done = send(
        people[2], who["Dev"], Asked(ReferralKind.REFERRAL, "Fit a second stair rail.", nurses, social), began
    )
    if done is not None:
        answering.accept(session, done, by=who["Sol"], now=began + HOUR)
        answering.start(session, done, by=who["Sol"], now=began + 2 * HOUR)
        answering.finish(
            session, done, result=Result.HELPED, note="Rail fitted; up and down twice, well.",
            by=who["Sol"], now=now - 4 * HOUR,
        )  # fmt: skip
    asked = Asked(
        ReferralKind.REFERRAL, "Move the boiler controls to where he can reach them.", nurses, homes,
        about_home=False,
    )  # fmt: skip
    declined = send(people[3], who["Dev"], asked, began)
    if declined is not None:
        answering.decline(
            session, declined, reason=DeclineReason.NEEDS_MORE,
            words="The programmer in the hall, or the thermostat?", by=who["Hana"], now=now - HOUR,
        )  # fmt: skip
    self_referrals.write_down(
        session,
        self_referrals.SelfAsked(
            "Ivy Rowe", "I can’t carry my shopping up any more since the lift went.", hub, hub,
            AskedBy.PERSON, AskedHow.PHONE, telephone="+441632960777",
        ),
        by=who["Cora"],
        now=now - 5 * HOUR,
    )  # fmt: skip
