"""What Celery does again and again, and when."""

from __future__ import annotations

from celery.schedules import crontab

SCHEDULE = {
    "sweep": {"task": "visio.signalling.tasks.sweep", "schedule": 60.0},
    "end_expired_logins": {"task": "suite.identity.tasks.end_expired_logins", "schedule": 60.0},
    "purge_logins": {"task": "suite.identity.tasks.purge_logins", "schedule": crontab(hour="3", minute="47")},
    "purge_tests": {"task": "visio.connection_test.tasks.purge_tests", "schedule": 60.0},
    "end_empty_rooms": {"task": "visio.integration.tasks.end_empty_rooms", "schedule": 10.0},
    "mend_webhooks": {"task": "visio.integration.tasks.mend_webhooks", "schedule": 30.0},
    "purge_webhooks": {"task": "visio.integration.tasks.purge_webhooks", "schedule": crontab(hour="3", minute="27")},
    "end_breakouts": {"task": "visio.live.tasks.end_breakouts", "schedule": 10.0},
    "erase_chats": {"task": "visio.live.tasks.erase_chats", "schedule": crontab(hour="3", minute="7")},
    "purge_attendance": {"task": "visio.attendance.tasks.purge_attendance", "schedule": crontab(hour="3", minute="7")},
    "purge_sessions": {"task": "visio.signalling.tasks.purge_sessions", "schedule": crontab(hour="3", minute="17")},
}
