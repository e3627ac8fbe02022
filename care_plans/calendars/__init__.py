"""Calendars by iCalendar (RFC 5545): what somebody has to do out, and stretches of duty in."""
