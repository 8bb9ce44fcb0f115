"""Screening (预检): the official questions, the doctor's decision, what is told and the consent."""
