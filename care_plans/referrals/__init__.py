"""Hand-overs between teams: referrals, transfers of the lead and requests for it, joint work."""
