"""The practice site: invented people, a stocked fridge and a session under way (STF-6)."""
