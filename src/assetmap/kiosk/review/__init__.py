"""People look at what was read from the sheets: a page to do it on, and what they decided taken in."""

from assetmap.kiosk.review.decisions import Applied, Decision, Review, apply_review, compare_reviews, read_review
from assetmap.kiosk.review.document import review_html

__all__ = ["Applied", "Decision", "Review", "apply_review", "compare_reviews", "read_review", "review_html"]
