"""Kinds that belong to hiding."""

from app.db.models.kinds import AuditAction

OF_HIDING = ("hidden", "shown", "photo_hidden", "photo_shown")
"""The kinds of events of hiding, which only the user that a thing belongs to is told."""


class HidingAction(AuditAction):
    """Acts of hiding and showing."""

    PACKAGE_HIDDEN = "package_hidden"
    PACKAGE_SHOWN = "package_shown"
    CLEANING_HIDDEN = "cleaning_hidden"
    CLEANING_SHOWN = "cleaning_shown"
    PHOTO_HIDDEN = "photo_hidden"
    PHOTO_SHOWN = "photo_shown"
    OFFER_HIDDEN = "offer_hidden"
    OFFER_SHOWN = "offer_shown"
    EVALUATION_HIDDEN = "evaluation_hidden"
    EVALUATION_SHOWN = "evaluation_shown"
    QUESTION_HIDDEN = "question_hidden"
    QUESTION_SHOWN = "question_shown"
    ANSWER_HIDDEN = "answer_hidden"
    ANSWER_SHOWN = "answer_shown"
    PACKAGE_QUESTION_HIDDEN = "package_question_hidden"
    PACKAGE_QUESTION_SHOWN = "package_question_shown"
    PACKAGE_ANSWER_HIDDEN = "package_answer_hidden"
    PACKAGE_ANSWER_SHOWN = "package_answer_shown"
