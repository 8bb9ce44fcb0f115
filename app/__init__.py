"""Vaxpost 接种岗: the program at a vaccination site."""
