"""Packages for the next application: joining cues to a picture, preparing media, writing the folder of a turnover."""

from postsync.delivery.applications import APPLICATIONS, Deliverable
from postsync.delivery.joining import join_cues
from postsync.delivery.media import MediaJob, prepare_media
from postsync.delivery.turnover import MEDIA_MODES, MadeFile, Turnover, TurnoverPlan, make_turnover, report_text, served

__all__ = [
    "APPLICATIONS",
    "MEDIA_MODES",
    "Deliverable",
    "MadeFile",
    "MediaJob",
    "Turnover",
    "TurnoverPlan",
    "join_cues",
    "make_turnover",
    "prepare_media",
    "report_text",
    "served",
]
