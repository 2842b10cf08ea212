"""The rules of notifications about acts of staff."""

from app.core.catalogues import N_
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.decisions import DecisionEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.package_questions import PackageAnswerEvent, PackageQuestionEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.kinds.profiles import ProfileEvent
from app.db.models.kinds.questions import AnswerEvent, QuestionEvent
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.kinds.users import UserEvent
from app.db.models.notification_kinds import NotificationKind as Kind
from app.db.models.notification_kinds import Recipient as To
from app.db.models.notification_kinds import Rule

PHOTO_HIDDEN = N_("The operator has hidden a photo of %(name)s.")
PHOTO_SHOWN = N_("A photo of %(name)s is visible again.")

STAFF = (
    Rule(
        UserEvent.BLOCKED,
        (To.ACCOUNT,),
        Kind.ACCOUNT_BLOCKED,
        N_("The operator has blocked your account."),
    ),
    Rule(
        UserEvent.UNBLOCKED,
        (To.ACCOUNT,),
        Kind.ACCOUNT_UNBLOCKED,
        N_("Your account is no longer blocked."),
    ),
    Rule(
        UserEvent.DEACTIVATED,
        (To.ACCOUNT,),
        Kind.ACCOUNT_DEACTIVATED,
        N_("The operator has deactivated your account."),
    ),
    Rule(
        UserEvent.REACTIVATED,
        (To.ACCOUNT,),
        Kind.ACCOUNT_REACTIVATED,
        N_("Your account is active again."),
    ),
    *(
        Rule(event, (to,), kind, sentence)
        for event, to, kind, sentence in (
            (CleaningEvent.PHOTO_HIDDEN, To.POSTER, Kind.PHOTO_HIDDEN, PHOTO_HIDDEN),
            (CleaningEvent.PHOTO_SHOWN, To.POSTER, Kind.PHOTO_SHOWN, PHOTO_SHOWN),
            (PackageEvent.PHOTO_HIDDEN, To.SELLER, Kind.PHOTO_HIDDEN, PHOTO_HIDDEN),
            (PackageEvent.PHOTO_SHOWN, To.SELLER, Kind.PHOTO_SHOWN, PHOTO_SHOWN),
        )
    ),
    Rule(
        ThreadEvent.PHOTO_HIDDEN,
        (To.SENDER,),
        Kind.MESSAGE_PHOTO_HIDDEN,
        N_("The operator has hidden a photo of your message about %(name)s."),
    ),
    Rule(
        ThreadEvent.PHOTO_SHOWN,
        (To.SENDER,),
        Kind.MESSAGE_PHOTO_SHOWN,
        N_("A photo of your message about %(name)s is visible again."),
    ),
    Rule(
        ProfileEvent.PHOTO_HIDDEN,
        (To.ACCOUNT,),
        Kind.PICTURE_HIDDEN,
        N_("The operator has hidden the picture of your profile."),
    ),
    Rule(
        ProfileEvent.PHOTO_SHOWN,
        (To.ACCOUNT,),
        Kind.PICTURE_SHOWN,
        N_("The picture of your profile is visible again."),
    ),
    Rule(
        CleaningEvent.HIDDEN,
        (To.POSTER,),
        Kind.JOB_HIDDEN,
        N_("The operator has hidden your job: %(name)s."),
    ),
    Rule(
        CleaningEvent.SHOWN,
        (To.POSTER,),
        Kind.JOB_SHOWN,
        N_("Your job is visible again: %(name)s."),
    ),
    Rule(
        PackageEvent.HIDDEN,
        (To.SELLER,),
        Kind.PACKAGE_HIDDEN,
        N_("The operator has hidden your package: %(name)s."),
    ),
    Rule(
        PackageEvent.SHOWN,
        (To.SELLER,),
        Kind.PACKAGE_SHOWN,
        N_("Your package is visible again: %(name)s."),
    ),
    Rule(
        OfferEvent.HIDDEN,
        (To.OFFERER,),
        Kind.OFFER_HIDDEN,
        N_("The operator has hidden your offer for %(name)s."),
    ),
    Rule(
        OfferEvent.SHOWN,
        (To.OFFERER,),
        Kind.OFFER_SHOWN,
        N_("Your offer for %(name)s is visible again."),
    ),
    Rule(
        EvaluationEvent.HIDDEN,
        (To.EVALUATOR,),
        Kind.EVALUATION_HIDDEN,
        N_("The operator has hidden your review: %(name)s."),
    ),
    Rule(
        EvaluationEvent.SHOWN,
        (To.EVALUATOR,),
        Kind.EVALUATION_SHOWN,
        N_("Your review is visible again: %(name)s."),
    ),
    *(
        Rule(event, (To.AUTHOR,), kind, sentence)
        for events, kind, sentence in (
            (
                (QuestionEvent.HIDDEN, PackageQuestionEvent.HIDDEN),
                Kind.QUESTION_HIDDEN,
                N_("The operator has hidden your question about %(name)s."),
            ),
            (
                (QuestionEvent.SHOWN, PackageQuestionEvent.SHOWN),
                Kind.QUESTION_SHOWN,
                N_("Your question about %(name)s is visible again."),
            ),
            (
                (AnswerEvent.HIDDEN, PackageAnswerEvent.HIDDEN),
                Kind.ANSWER_HIDDEN,
                N_("The operator has hidden your answer about %(name)s."),
            ),
            (
                (AnswerEvent.SHOWN, PackageAnswerEvent.SHOWN),
                Kind.ANSWER_SHOWN,
                N_("Your answer about %(name)s is visible again."),
            ),
        )
        for event in events
    ),
    Rule(
        ThreadEvent.READ_BY_STAFF,
        (To.READ_OWNER, To.READ_CLEANER),
        Kind.MESSAGES_READ,
        N_("The operator reads your messages about %(name)s."),
    ),
    Rule(
        ThreadEvent.READ_FOR_REPORT,
        (To.READ_OWNER, To.READ_CLEANER),
        Kind.MESSAGES_READ_FOR_REPORT,
        N_("The operator reads your messages about %(name)s because of a report."),
    ),
    Rule(
        DecisionEvent.MADE,
        (To.REPORTER,),
        Kind.REPORT_DECIDED,
        N_("The operator has decided about your report (%(name)s)."),
    ),
    Rule(
        DecisionEvent.MADE,
        (To.REPORTED,),
        Kind.CONTENT_DECIDED,
        N_(
            "The operator has decided about something of yours (%(name)s). Read the reasons, and "
            "how to appeal."
        ),
    ),
)
