"""People look at what was read from the sheets: a page to do it on, and what they decided taken in."""

from assetmap.kiosk.review.comparing import Comparison, Settled, compare_reviews, settle_reviews
from assetmap.kiosk.review.decisions import Decision, Review, join_reviews, read_review
from assetmap.kiosk.review.document import MarkPictures, review_html
from assetmap.kiosk.review.settling import REVIEW_COLUMNS, annotations_of, set_decisions

__all__ = [
    "REVIEW_COLUMNS",
    "Comparison",
    "Decision",
    "MarkPictures",
    "Review",
    "Settled",
    "annotations_of",
    "compare_reviews",
    "join_reviews",
    "read_review",
    "review_html",
    "set_decisions",
    "settle_reviews",
]
